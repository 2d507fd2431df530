/* A small table of messages, a slot each by device and form. See record_share.h. */
#include "serve/event/record_share.h"

static size_t slot_of(const struct socket_form *form, const struct device *device)
{
    return (device->id + ((uintptr_t)form >> 6)) % RECORD_SHARE_SLOTS;
}

struct websocket_message *record_share_find(const struct record_share *share,
                                            const struct socket_form *form,
                                            const struct device *device, uint64_t mark)
{
    const struct shared_record *slot = &share->slots[slot_of(form, device)];
    bool is_it = slot->message && slot->form == form && slot->mark >= mark &&
                 slot->phy == device->phy && macaddr_equal(slot->mac, device->mac);
    return is_it ? websocket_message_ref(slot->message) : NULL;
}

static void clear(struct record_share *share, struct shared_record *slot)
{
    if (slot->message)
        share->bytes -= slot->message->length;
    websocket_message_unref(slot->message);
    slot->message = NULL;
}

void record_share_forget(struct record_share *share)
{
    for (size_t i = 0; i < RECORD_SHARE_SLOTS && share->bytes; i++)
        clear(share, &share->slots[i]);
}

void record_share_keep(struct record_share *share, const struct socket_form *form,
                       const struct device *device, uint64_t mark,
                       struct websocket_message *message)
{
    if (message->length > RECORD_SHARE_BYTES - share->bytes)
        record_share_forget(share);
    if (message->length > RECORD_SHARE_BYTES)
        return;
    struct shared_record *slot = &share->slots[slot_of(form, device)];
    clear(share, slot);
    *slot = (struct shared_record){.form = form,
                                   .message = websocket_message_ref(message),
                                   .mac = device->mac,
                                   .phy = device->phy,
                                   .mark = mark};
    share->bytes += message->length;
}
