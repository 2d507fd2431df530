/* What wakes a reply that waits for more to send: shared by the reply, which may end at any time,
 * and by whoever makes the bytes. Reference-counted, thread-safe. */
#ifndef NORN_SERVE_WAKER_H
#define NORN_SERVE_WAKER_H

struct stream;
struct waker;

/* With one reference. NULL without memory. */
struct waker *waker_new(void);
struct waker *waker_ref(struct waker *waker);
void waker_unref(struct waker *waker);

/* Makes the reply ask for more, if it still is there. */
void waker_wake(struct waker *waker);

/* For the stream: that it is there, or (NULL) there no longer. */
void waker_set(struct waker *waker, struct stream *stream);

#endif
