/* Where configuration and the user's files live: the person's home, norn's directory in it, the
 * system's configuration, the program and its data. Input: the request, the environment, the
 * account. Output: the paths of struct config. */
#ifndef NORN_UTIL_CONFIG_PLACES_H
#define NORN_UTIL_CONFIG_PLACES_H

#include "util/config.h"

/* Fills the paths of a zeroed config (allocated; config_free()). 0 or -errno. */
int config_places_find(const struct config_request *request, struct config *ret_config);

/* Follows the option `configdir` (already read) unless --homedir was given or it is the stock
 * value of Kismet, which stands for the usual place. 0 or -ENOMEM. */
int config_places_move_home(const struct config_request *request, const char *configdir,
                            struct config *config);

/* Appends the path of the user's file `name`: in norn's directory, or where that is not there
 * and `legacy`, in Kismet's. */
void config_places_user_file(const struct config *config, const char *name, bool legacy,
                             struct buffer *buffer);

#endif
