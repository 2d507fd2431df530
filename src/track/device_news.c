/* The ring of news about devices. See device_news.h. */
#include "track/device_news.h"

#include "track/device.h"

void device_news_want(struct store *store, unsigned kinds)
{
    __atomic_store_n(&store->news.wanted, kinds, __ATOMIC_RELAXED);
}

bool device_news_take(const struct store *store, uint64_t *next, uint64_t *lost,
                      struct store_news_item *ret_item)
{
    const struct store_news *news = &store->news;
    uint64_t oldest = news->count > STORE_NEWS ? news->count - STORE_NEWS : 0;
    if (*next < oldest) {
        *lost += oldest - *next;
        *next = oldest;
    }
    if (*next >= news->count)
        return false;
    *ret_item = news->ring[(*next)++ % STORE_NEWS];
    return true;
}

const struct device *device_news_device(const struct store *store,
                                        const struct store_news_item *item)
{
    return device_find(store, item->phy, item->mac);
}

static const void *find_network(const struct dot11_ssid *first, uint64_t hash)
{
    while (first && first->hash != hash)
        first = first->next;
    return first;
}

static const void *find_probe(const struct dot11_probe *first, uint64_t hash)
{
    while (first && first->hash != hash)
        first = first->next;
    return first;
}

static const void *find_link(const struct dot11_link *first, uint64_t bssid)
{
    while (first && macaddr_u64(first->bssid) != bssid)
        first = first->next_of_client;
    return first;
}

const void *device_news_subject(const struct device *device, const struct store_news_item *item)
{
    const struct dot11_device *station = device_dot11(device);
    if (!station)
        return NULL;
    switch (item->kind) {
    case STORE_NEWS_ADVERTISED: return find_network(station->advertised, item->detail);
    case STORE_NEWS_RESPONSE: return find_network(station->responded, item->detail);
    case STORE_NEWS_PROBED: return find_probe(station->probed, item->detail);
    case STORE_NEWS_CLIENT: return find_link(station->links, item->detail);
    default: return NULL;
    }
}
