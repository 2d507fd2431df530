/* Addresses of clients. See peer.h. */
#include "serve/http/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static struct peer peer_from_ipv4(const void *octets)
{
    struct peer peer;
    memcpy(peer.octet, mapped, sizeof mapped);
    memcpy(peer.octet + sizeof mapped, octets, 4);
    return peer;
}

struct peer peer_from(const struct sockaddr *address, socklen_t length)
{
    struct peer peer;
    if (address && address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in ipv4;
        memcpy(&ipv4, address, sizeof ipv4);
        return peer_from_ipv4(&ipv4.sin_addr);
    }
    if (address && address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 ipv6;
        memcpy(&ipv6, address, sizeof ipv6);
        memcpy(peer.octet, &ipv6.sin6_addr, sizeof peer.octet);
        return peer;
    }
    return peer_from_ipv4("\x7f\0\0\x01");
}

static bool is_ipv4(struct peer peer)
{
    return memcmp(peer.octet, mapped, sizeof mapped) == 0;
}

bool peer_is_loopback(struct peer peer)
{
    static const uint8_t one[16] = {[15] = 1};
    return is_ipv4(peer) ? peer.octet[12] == 127 : memcmp(peer.octet, one, sizeof one) == 0;
}

bool peer_same(struct peer a, struct peer b)
{
    return memcmp(a.octet, b.octet, is_ipv4(a) ? 16 : 8) == 0;
}

void peer_write(struct peer peer, char ret_text[PEER_TEXT])
{
    bool ipv4 = is_ipv4(peer);
    inet_ntop(ipv4 ? AF_INET : AF_INET6, peer.octet + (ipv4 ? 12 : 0), ret_text, PEER_TEXT);
}
