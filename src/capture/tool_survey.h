/* Asks every capture tool at once: which takes a definition that names no type, and which
 * interfaces there are. A tool runs for its answer only. Input: the answers, none of which is
 * trusted. Output: a type; rows. From any thread that may wait. */
#ifndef NORN_CAPTURE_TOOL_SURVEY_H
#define NORN_CAPTURE_TOOL_SURVEY_H

#include "capture/source.h"

/* The type whose tool first says that it can open what the definition names, within 10 s; NULL:
 * none does. `wake` (a source's eventfd; -1: none): ends the survey when readable. */
const struct source_type *tool_survey_probe(const struct capture_config *config,
                                            const struct definition *definition, int wake);

/* Fills up to `limit` rows with the interfaces that tools list within 5 s, each name once; how
 * many. */
size_t tool_survey_list(const struct capture_config *config, struct capture_interface *ret_rows,
                        size_t limit);

#endif
