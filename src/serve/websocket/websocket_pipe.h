/* A websocket whose other end is a plain descriptor: for capture tools that connect over HTTP. What
 * the client sends in binary messages is one stream of bytes to whoever holds the descriptor; when
 * that one does not read, the client is not read either. What is written to the descriptor are
 * frames of the capture protocol (version 3); each is sent as one binary message. */
#ifndef NORN_SERVE_WEBSOCKET_PIPE_H
#define NORN_SERVE_WEBSOCKET_PIPE_H

struct request;

/* Who takes the descriptors. */
struct websocket_pipe_taker {
    /* Takes over one end of a connected pair of stream sockets, in blocking mode. Its end means
     * that the client has gone; closing it closes the websocket. Called on the websocket thread:
     * must not block. 0, or -errno with the descriptor left open. */
    int (*take)(void *context, int descriptor, const char *peer);
    void *context;
};

/* Replies to the request as websocket_accept() does. `taker` must outlive the server. */
void websocket_pipe_accept(struct request *request, const struct websocket_pipe_taker *taker);

#endif
