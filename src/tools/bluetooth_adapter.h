/* A Bluetooth adapter that listens: switched on as far as it was not, discovering again each time a
 * round of discovery ends, put back as it was found at the end.
 * Input: the kernel's messages and the time. Output: requests, and messages of devices found. */
#ifndef NORN_TOOLS_BLUETOOTH_ADAPTER_H
#define NORN_TOOLS_BLUETOOTH_ADAPTER_H

#include "tools/bluetooth_list.h"
#include "tools/tool.h"

struct bluetooth_adapter {
    struct tool *tool; /* for what people are told */
    struct bluetooth_kernel *kernel;
    struct bluetooth_entry entry;
    uint32_t transports; /* of BASIC_RATE and LOW_ENERGY, those to listen to */
    bool asks_names;     /* of devices that do not tell theirs */
    uint32_t settings;   /* that the adapter has now */
    uint32_t switched;   /* of these, the ones that were off before us */
    uint16_t asked;      /* command whose reply is awaited, or 0 … */
    uint64_t late_ns;    /* … which is overdue then */
    uint64_t next_ns;    /* no request before */
    uint64_t off_ns;     /* it was switched off, which is told then unless it is gone first; or 0 */
    unsigned refused;    /* times in a row that discovery did not start */
    bool discovers;      /* it is in a round of discovery … */
    bool is_ours;        /* … that we started */
    bool is_ending;
    bool is_gone;
};

/* Begins to listen with what the caller has set: tool, kernel, entry, transports, asks_names. Waits
 * a little, for what is refused at once to be known at once. 0, or -errno with a sentence, and
 * everything is as before. */
int bluetooth_adapter_begin(struct bluetooth_adapter *adapter, struct buffer *ret_why);

/* Takes the next message. 1, with the message when it is of the adapter and its event when it is
 * not: only BLUETOOTH_FOUND is of use. 0: there is none; -errno with a sentence: it is over. */
int bluetooth_adapter_take(struct bluetooth_adapter *adapter, struct bluetooth_message *ret_message,
                           struct buffer *ret_why);

/* Asks what is to be asked next, when it is time. 0, or -errno with a sentence: it is over. */
int bluetooth_adapter_step(struct bluetooth_adapter *adapter, struct buffer *ret_why);

/* When the next step is due, monotonic; 0: only after a message. */
uint64_t bluetooth_adapter_due(const struct bluetooth_adapter *adapter);

/* Stops listening and puts the adapter back as it was found, which may take two seconds. */
void bluetooth_adapter_end(struct bluetooth_adapter *adapter);

#endif
