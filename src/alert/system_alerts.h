/* The alerts about norn itself: its sources, its configuration, its account. */
#ifndef NORN_ALERT_SYSTEM_ALERTS_H
#define NORN_ALERT_SYSTEM_ALERTS_H

#include "alert/alert.h"

/* Defined ones, numbered from the number of the first. */
enum system_alert { SYSTEM_SOURCEERROR, SYSTEM_ROOTUSER, SYSTEM_PACKETLOST, SYSTEM_ALERTS };

/* Those raised once for each event, whatever the rates. */
enum system_once {
    ONCE_SOURCEERROR,
    ONCE_SOURCEOPEN,
    ONCE_GLOBALHTTPDUSER,
    ONCE_CONFIGERROR,
    SYSTEM_ONCES,
};

extern const struct alert_kind system_alert_kinds[SYSTEM_ALERTS];
extern const struct alert_kind system_once_kinds[SYSTEM_ONCES];

#endif
