/* Advertising data: the length-type-value structures of low energy's advertising, scan response and
 * additional controller data, and of BR/EDR's extended inquiry response (Core Specification
 * Supplement, Part A). Input: their bytes. Output: facts; texts and data are borrowed slices, bytes
 * from the air. */
#ifndef NORN_DISSECT_BTLE_AD_H
#define NORN_DISSECT_BTLE_AD_H

#include <stdbool.h>
#include <stdint.h>

#include "dissect/malformed.h"
#include "util/macaddr.h"
#include "util/uuid.h"

enum {
    BTLE_AD_UUIDS_MAX = 48,
    BTLE_AD_SERVICES_MAX = 16,
    BTLE_AD_MAKERS_MAX = 4,
    BTLE_AD_TARGETS_MAX = 8,
};

enum btle_ad_flag {
    BTLE_AD_LIMITED_DISCOVERABLE = 0x01,
    BTLE_AD_GENERAL_DISCOVERABLE = 0x02,
    BTLE_AD_NO_BR_EDR = 0x04,
    BTLE_AD_BOTH_CONTROLLER = 0x08,
    BTLE_AD_BOTH_HOST = 0x10,
};

/* Borrowed bytes; `bytes` is NULL when absent. */
struct btle_ad_bytes {
    const uint8_t *bytes;
    uint8_t length;
};

/* A service named by its UUID; short ones are written out over the base UUID. */
struct btle_ad_uuid {
    struct uuid uuid;
    bool is_solicited; /* wanted of others, not offered */
    bool is_complete;  /* the list says that it names all of that size */
};

struct btle_ad_service {
    struct uuid uuid;
    struct btle_ad_bytes data;
};

struct btle_ad_maker {
    uint16_t company;
    struct btle_ad_bytes data; /* behind the company's number */
};

struct btle_ad_target {
    struct macaddr mac;
    bool is_random;
};

struct btle_ad {
    bool has_flags, has_power, has_appearance, has_class, has_role, has_address;
    uint8_t flags; /* enum btle_ad_flag */
    int8_t power;  /* dBm */
    uint16_t appearance;
    uint32_t device_class;  /* 24 bits */
    uint8_t role;           /* 0 peripheral only, 1 central only, 2 and 3 both, that one first */
    uint32_t interval;      /* between advertisements, 625 us; 0 unknown */
    struct macaddr address; /* that the device says it has */
    bool address_is_random;
    struct btle_ad_bytes name, short_name, uri;
    uint8_t uuid_count, service_count, maker_count, target_count;
    struct btle_ad_uuid uuids[BTLE_AD_UUIDS_MAX];
    struct btle_ad_service services[BTLE_AD_SERVICES_MAX];
    struct btle_ad_maker makers[BTLE_AD_MAKERS_MAX];
    struct btle_ad_target targets[BTLE_AD_TARGETS_MAX];
    enum malformed malformed; /* first thing wrong; what came before it and after it holds */
};

/* Reads the structures; more of a kind than there is room for are left out. */
void btle_ad_parse(const uint8_t *data, uint32_t length, struct btle_ad *ret_ad);

#endif
