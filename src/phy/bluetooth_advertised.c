/* Self-descriptions of Bluetooth devices. See bluetooth_advertised.h. */
#include "phy/bluetooth_advertised.h"

#include <string.h>

enum { BYTES_MAX = 2048 };

void bluetooth_advertised_free_bytes(struct store *store, struct bluetooth_bytes *bytes)
{
    if (bytes)
        pool_free(&store->pool, bytes, sizeof *bytes + bytes->length);
}

void bluetooth_advertised_set_bytes(struct store *store, struct bluetooth_bytes **bytes,
                                    const uint8_t *data, size_t length)
{
    struct bluetooth_bytes *kept = *bytes;
    if (length > BYTES_MAX)
        length = BYTES_MAX;
    if (!kept || kept->length != length) {
        kept = pool_new(&store->pool, sizeof *kept + length);
        if (!kept)
            return;
        bluetooth_advertised_free_bytes(store, *bytes);
        kept->length = (uint16_t)length;
        *bytes = kept;
    }
    if (length)
        memcpy(kept->bytes, data, length);
}

static void free_name(struct store *store, struct bluetooth_heard_name *name)
{
    intern_unref(&store->strings, name->text);
    pool_free(&store->pool, name, sizeof *name);
}

static void free_service(struct store *store, struct bluetooth_service *service)
{
    intern_unref(&store->strings, service->name);
    bluetooth_advertised_free_bytes(store, service->data);
    pool_free(&store->pool, service, sizeof *service);
}

void bluetooth_advertised_done(struct store *store, struct bluetooth_advertised *advertised)
{
    while (advertised->names) {
        struct bluetooth_heard_name *name = advertised->names;
        advertised->names = name->next;
        free_name(store, name);
    }
    while (advertised->services) {
        struct bluetooth_service *service = advertised->services;
        advertised->services = service->next;
        free_service(store, service);
    }
    if (advertised->extra) {
        intern_unref(&store->strings, advertised->extra->uri);
        pool_free(&store->pool, advertised->extra, sizeof *advertised->extra);
    }
    intern_unref(&store->strings, advertised->company_name);
}

/* The name in the list, taken out of it; the last one instead when the list is full. NULL where a
 * new one is to be made. */
static struct bluetooth_heard_name *
take_name(struct store *store, struct bluetooth_advertised *advertised, const struct string *text)
{
    struct bluetooth_heard_name **at = &advertised->names;
    while (*at && (*at)->text != text &&
           ((*at)->next || advertised->name_count < store->limits.names))
        at = &(*at)->next;
    struct bluetooth_heard_name *name = *at;
    if (!name)
        return NULL;
    *at = name->next;
    advertised->name_count--;
    if (name->text == text)
        return name;
    free_name(store, name);
    return NULL;
}

void bluetooth_advertised_name(struct store *store, struct device *device,
                               struct bluetooth_advertised *advertised, const uint8_t *name,
                               size_t length, bool is_short)
{
    const struct string *text = NULL;
    while (length && !name[length - 1])
        length--; /* some fill their names up */
    intern_set_printable(&store->strings, &text, name, length);
    if (!text)
        return;
    struct bluetooth_heard_name *heard = take_name(store, advertised, text);
    if (!heard) {
        heard = pool_new(&store->pool, sizeof *heard);
        if (heard)
            heard->text = intern_again(text);
    }
    if (heard) {
        heard->is_short = is_short;
        heard->next = advertised->names;
        advertised->names = heard;
        advertised->name_count++;
    }
    if (!is_short || !device->name)
        intern_set(&store->strings, &device->name, text->text, text->length);
    intern_unref(&store->strings, text);
}

static struct bluetooth_service *new_service(struct store *store, struct uuid uuid)
{
    struct bluetooth_service *service = pool_new(&store->pool, sizeof *service);
    const char *name = bluetooth_name_service(&store->bluetooth_names, uuid);
    if (!service)
        return NULL;
    service->uuid = uuid;
    if (name)
        service->name = intern_ref(&store->strings, name, strlen(name));
    return service;
}

struct bluetooth_service *bluetooth_advertised_service(struct store *store,
                                                       struct bluetooth_advertised *advertised,
                                                       struct uuid uuid)
{
    struct bluetooth_service **at = &advertised->services;
    while (*at && !uuid_equal((*at)->uuid, uuid) &&
           ((*at)->next || advertised->service_count < store->limits.services))
        at = &(*at)->next;
    struct bluetooth_service *service = *at;
    if (service) {
        *at = service->next;
        advertised->service_count--;
    }
    if (service && !uuid_equal(service->uuid, uuid)) {
        free_service(store, service);
        service = NULL;
    }
    if (!service)
        service = new_service(store, uuid);
    if (!service)
        return NULL;
    service->next = advertised->services;
    advertised->services = service;
    advertised->service_count++;
    return service;
}

static void take_services(struct store *store, struct bluetooth_advertised *advertised,
                          const struct btle_ad *ad)
{
    for (int i = ad->uuid_count - 1; i >= 0; i--) {
        struct bluetooth_service *service =
            bluetooth_advertised_service(store, advertised, ad->uuids[i].uuid);
        if (!service)
            continue;
        service->is_offered |= !ad->uuids[i].is_solicited;
        service->is_solicited |= ad->uuids[i].is_solicited;
    }
    for (int i = ad->service_count - 1; i >= 0; i--) {
        struct bluetooth_service *service =
            bluetooth_advertised_service(store, advertised, ad->services[i].uuid);
        if (!service)
            continue;
        service->is_offered = 1;
        bluetooth_advertised_set_bytes(store, &service->data, ad->services[i].data.bytes,
                                       ad->services[i].data.length);
    }
}

static void take_company(struct store *store, struct bluetooth_advertised *advertised,
                         uint16_t company)
{
    if (advertised->present & BLUETOOTH_HAS_COMPANY && advertised->company == company)
        return;
    const char *name = bluetooth_name_company(&store->bluetooth_names, company);
    advertised->company = company;
    advertised->present |= BLUETOOTH_HAS_COMPANY;
    intern_set(&store->strings, &advertised->company_name, name ? name : "",
               name ? strlen(name) : 0);
}

void bluetooth_advertised_class(struct bluetooth_advertised *advertised, uint32_t device_class)
{
    advertised->device_class = device_class;
    advertised->present |= BLUETOOTH_HAS_CLASS;
}

static void take_extra(struct store *store, struct bluetooth_advertised *advertised,
                       const struct btle_ad *ad)
{
    if (!ad->uri.length && !ad->interval && !ad->target_count)
        return;
    if (!advertised->extra)
        advertised->extra = pool_new(&store->pool, sizeof *advertised->extra);
    struct bluetooth_advertised_extra *extra = advertised->extra;
    if (!extra)
        return;
    if (ad->uri.length)
        intern_set_printable(&store->strings, &extra->uri, ad->uri.bytes, ad->uri.length);
    if (ad->interval)
        extra->interval = ad->interval;
    if (ad->target_count)
        extra->target_count = 0;
    for (uint8_t i = 0; i < ad->target_count && i < BLUETOOTH_TARGETS_MAX; i++)
        extra->targets[extra->target_count++] = ad->targets[i].mac;
}

static void take_numbers(struct bluetooth_advertised *advertised, const struct btle_ad *ad)
{
    if (ad->has_flags) {
        advertised->flags = ad->flags;
        advertised->present |= BLUETOOTH_HAS_FLAGS;
    }
    if (ad->has_power) {
        advertised->power = ad->power;
        advertised->present |= BLUETOOTH_HAS_POWER;
    }
    if (ad->has_appearance) {
        advertised->appearance = ad->appearance;
        advertised->present |= BLUETOOTH_HAS_APPEARANCE;
    }
    if (ad->has_role) {
        advertised->role = ad->role;
        advertised->present |= BLUETOOTH_HAS_ROLE;
    }
    if (ad->has_class)
        bluetooth_advertised_class(advertised, ad->device_class);
}

void bluetooth_advertised_take(struct store *store, struct device *device,
                               struct bluetooth_advertised *advertised, const struct btle_ad *ad)
{
    take_numbers(advertised, ad);
    take_services(store, advertised, ad);
    take_extra(store, advertised, ad);
    if (ad->maker_count)
        take_company(store, advertised, ad->makers[0].company);
    if (ad->short_name.length)
        bluetooth_advertised_name(store, device, advertised, ad->short_name.bytes,
                                  ad->short_name.length, true);
    if (ad->name.length)
        bluetooth_advertised_name(store, device, advertised, ad->name.bytes, ad->name.length,
                                  false);
}
