/* Key messages of access points as pcap files, each with a beacon that tells the network. Input:
 * what the store keeps. Output: files that tools for handshakes read. */
#ifndef NORN_SERVE_HANDSHAKE_REPLY_H
#define NORN_SERVE_HANDSHAKE_REPLY_H

struct request;

/* The messages with one client: {key} is the access point's, {mac} the client's address. */
void handshake_reply_client(struct request *request);

/* The newest message with a PMKID of the access point {key}. */
void handshake_reply_pmkid(struct request *request);

#endif
