/* What has just become known of devices, for those who want to be told at once: a ring of the
 * newest such moments, in which a device is named by what finds it again. Nothing is kept while
 * nobody wants it. The engine adds under the write lock; readers take under the read lock, each
 * from where it stands. */
#ifndef NORN_TRACK_DEVICE_NEWS_H
#define NORN_TRACK_DEVICE_NEWS_H

#include "track/store.h"

/* Adds that something became known of a device; `detail` finds its subject: the hash of a network,
 * the BSSID of an access point as a number. Nothing happens unless it is wanted. */
static inline void device_news_add(struct store *store, const struct device *device,
                                   enum store_news_kind kind, uint64_t detail)
{
    struct store_news *news = &store->news;
    if (!(__atomic_load_n(&news->wanted, __ATOMIC_RELAXED) & 1u << kind))
        return;
    news->ring[news->count++ % STORE_NEWS] = (struct store_news_item){
        .mac = device->mac, .phy = device->phy, .kind = (uint8_t)kind, .detail = detail};
}

/* Says which kinds are wanted from now on: a set of bits. Any thread. */
void device_news_want(struct store *store, unsigned kinds);

/* Takes the item at *next, which moves on; where the ring holds it no more, *lost grows by what was
 * missed. False when there is none yet. */
bool device_news_take(const struct store *store, uint64_t *next, uint64_t *lost,
                      struct store_news_item *ret_item);

/* The device of an item, or NULL when it has gone. */
const struct device *device_news_device(const struct store *store,
                                        const struct store_news_item *item);

/* The record of the device's that an item is about, a struct dot11_ssid, dot11_probe or dot11_link,
 * or NULL. */
const void *device_news_subject(const struct device *device, const struct store_news_item *item);

#endif
