/* Links between clients and access points. A client's list is short and searched, newest first; an
 * access point's list is only walked for output and to let the quietest go. See dot11_link.h. */
#include "phy/dot11_link.h"

#include <stddef.h>

#include "track/device_news.h"

enum {
    SPARED_MAX = 8, /* active clients moved on before the oldest goes all the same */
    ACTIVE_SECONDS = 60,
};

static void ap_unlink(struct dot11_link *link)
{
    struct dot11_device *ap = link->ap;
    if (!ap)
        return;
    if (link->previous_of_ap)
        link->previous_of_ap->next_of_ap = link->next_of_ap;
    else
        ap->clients = link->next_of_ap;
    if (link->next_of_ap)
        link->next_of_ap->previous_of_ap = link->previous_of_ap;
    else
        ap->oldest_client = link->previous_of_ap;
    link->next_of_ap = link->previous_of_ap = NULL;
    link->ap = NULL;
    ap->client_count--;
}

static void ap_push(struct dot11_link *link, struct dot11_device *ap)
{
    link->ap = ap;
    link->previous_of_ap = NULL;
    link->next_of_ap = ap->clients;
    if (ap->clients)
        ap->clients->previous_of_ap = link;
    else
        ap->oldest_client = link;
    ap->clients = link;
    ap->client_count++;
}

static void free_link(struct store *store, struct dot11_link *link)
{
    ap_unlink(link);
    intern_unref(&store->strings, link->identity);
    pool_free(&store->pool, link, sizeof *link);
}

/* Takes a link out of its client's list and frees it. */
static void drop(struct store *store, struct dot11_link *link)
{
    struct dot11_link **at = &link->client->links;
    while (*at != link)
        at = &(*at)->next_of_client;
    *at = link->next_of_client;
    link->client->link_count--;
    free_link(store, link);
}

/* Makes room among an access point's clients: the longest listed goes, active ones are spared. */
static void make_room(struct store *store, struct dot11_device *ap, uint64_t time)
{
    for (int spared = 0; ap->client_count >= store->limits.clients; spared++) {
        struct dot11_link *oldest = ap->oldest_client;
        if (spared < SPARED_MAX && oldest->last_time + ACTIVE_SECONDS > time) {
            ap_unlink(oldest);
            ap_push(oldest, ap);
            continue;
        }
        drop(store, oldest);
    }
}

static struct dot11_link *find(struct dot11_device *client, struct macaddr bssid)
{
    struct dot11_link **at = &client->links;
    while (*at && !macaddr_equal((*at)->bssid, bssid))
        at = &(*at)->next_of_client;
    struct dot11_link *link = *at;
    if (link && at != &client->links) {
        *at = link->next_of_client;
        link->next_of_client = client->links;
        client->links = link;
    }
    return link;
}

static void drop_last(struct store *store, struct dot11_device *client)
{
    struct dot11_link **at = &client->links;
    while ((*at)->next_of_client)
        at = &(*at)->next_of_client;
    struct dot11_link *link = *at;
    *at = NULL;
    client->link_count--;
    free_link(store, link);
}

struct dot11_link *dot11_link_get(struct store *store, struct dot11_device *client,
                                  struct macaddr bssid, struct dot11_device *ap, uint64_t time)
{
    struct dot11_link *link = find(client, bssid);
    if (!link) {
        link = pool_new(&store->pool, sizeof *link);
        if (!link)
            return NULL;
        if (client->link_count >= store->limits.links)
            drop_last(store, client);
        link->client = client;
        link->bssid = bssid;
        link->first_time = time;
        link->next_of_client = client->links;
        client->links = link;
        client->link_count++;
        device_news_add(store, client->device, STORE_NEWS_CLIENT, macaddr_u64(bssid));
    }
    if (time > link->last_time)
        link->last_time = time;
    if (ap && !link->ap && ap != client) {
        if (ap->client_count >= store->limits.clients)
            make_room(store, ap, time);
        ap_push(link, ap);
    }
    return link;
}

void dot11_link_free_all(struct store *store, struct dot11_device *station)
{
    while (station->clients)
        ap_unlink(station->clients);
    while (station->links) {
        struct dot11_link *link = station->links;
        station->links = link->next_of_client;
        station->link_count--;
        free_link(store, link);
    }
}
