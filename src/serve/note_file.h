/* The file of names and tags: device_notes.json in the home directory, one record a line, as the
 * API writes it. Input: the file of the last run. Output: the same file, replaced as a whole, and
 * lazily: never by a server thread, never under the store's lock. */
#ifndef NORN_SERVE_NOTE_FILE_H
#define NORN_SERVE_NOTE_FILE_H

#include <stdbool.h>
#include <stdint.h>

struct monitor;

/* What the main thread remembers of it. */
struct note_file {
    uint64_t saved;  /* changes that the file holds: store_notes.changes */
    uint64_t tried;  /* server seconds of the newest try */
    bool complained; /* of a file that cannot be written */
};

/* Reads the file, before any thread is started. What cannot be read is told on the console, and the
 * file is kept as device_notes.bad. */
void note_file_load(struct monitor *monitor);

/* Writes the file if there is something new and the last try was a few seconds ago, or `now`. */
void note_file_save(struct monitor *monitor, bool now);

#endif
