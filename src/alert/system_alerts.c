/* The rows of norn's alerts about itself. See system_alerts.h. */
#include "alert/system_alerts.h"

// clang-format off
const struct alert_kind system_alert_kinds[SYSTEM_ALERTS] = {
    [SYSTEM_SOURCEERROR] = {"SOURCEERROR", "SYSTEM", ALERT_HIGH, {10, ALERT_MINUTE}, {1, ALERT_SECOND},
     "A source has failed, or runs but delivers nothing. norn raises it for every failure, as a critical one."},
    [SYSTEM_ROOTUSER] = {"ROOTUSER", "SYSTEM", ALERT_HIGH, {1, ALERT_SECOND}, {1, ALERT_SECOND},
     "norn runs as root: what breaks into it owns the machine. Start it so that it can change to another account."},
    [SYSTEM_PACKETLOST] = {"PACKETLOST", "SYSTEM", ALERT_HIGH, {1, ALERT_MINUTE}, {1, ALERT_MINUTE},
     "Packets were dropped by the kernel, a capture tool or norn itself because the machine could not keep up. What was in them was not seen."},
};

const struct alert_kind system_once_kinds[SYSTEM_ONCES] = {
    [ONCE_SOURCEERROR] = {"SOURCEERROR", "SYSTEM", ALERT_CRITICAL, {0, 0}, {0, 0},
     "A source has failed, or runs but delivers nothing: the text says why."},
    [ONCE_SOURCEOPEN] = {"SOURCEOPEN", "SYSTEM", ALERT_CRITICAL, {0, 0}, {0, 0},
     "A source that was in error is open again."},
    [ONCE_GLOBALHTTPDUSER] = {"GLOBALHTTPDUSER", "SYSTEM", ALERT_INFO, {0, 0}, {0, 0},
     "The login stands in the system's configuration, where others may read it and nobody can change it over HTTP."},
    [ONCE_CONFIGERROR] = {"CONFIGERROR", "SYSTEM", ALERT_HIGH, {0, 0}, {0, 0},
     "A line of the configuration about alerts cannot be read: that alert or rule is not in force."},
};
// clang-format on
