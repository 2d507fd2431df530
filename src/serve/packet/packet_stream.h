/* Live pcapng streams: what the engine dissects goes, by each stream's filter, to the clients that
 * asked for it. Input: batches on the engine's thread. Output: replies without an end. A client
 * that is too slow loses the newest packets; they are counted and told in the stream. */
#ifndef NORN_SERVE_PACKET_STREAM_H
#define NORN_SERVE_PACKET_STREAM_H

#include "phy/packet.h"
#include "schema/stream_fields.h"
#include "serve/packet/packet_filter.h"

struct monitor;
struct request;

enum { PACKET_STREAMS = 64 /* under way at once */ };

struct packet_streams;

/* NULL without memory. `monitor` names the sources. */
struct packet_streams *packet_streams_new(struct monitor *monitor);
void packet_streams_free(struct packet_streams *streams);

/* A batch on the engine's thread. */
void packet_streams_hear(struct packet_streams *streams, const struct batch *batch,
                         const struct packet *packets);

/* Tells quiet streams how they stand, so that clients that are gone are noticed; each second. */
void packet_streams_tick(struct packet_streams *streams);

/* Answers the request with a stream; `file` is the name to save it under. 503 when there are too
 * many. */
void packet_stream_reply(struct request *request, const struct packet_filter *filter,
                         const char *file, const char *description);

/* Copies the records of the streams under way, at most PACKET_STREAMS; the count. */
size_t packet_streams_list(struct packet_streams *streams, struct stream_record *ret_records);

/* Ends a stream. 0 or -ENOENT. */
int packet_stream_close(struct packet_streams *streams, uint64_t id);

#endif
