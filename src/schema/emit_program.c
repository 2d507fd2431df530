/* Compiling record types into steps, and the table of those already compiled: open addressing by
 * the type's address, read without a lock, filled under one. See emit_program.h. */
#include "schema/emit_program.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "schema/json.h"
#include "schema/msgpack.h"
#include "util/buffer.h"

enum {
    TYPES = 1024,      /* slots, a power of two; at most half are used */
    PADDING = 16,      /* keys are copied in steps of so many bytes */
    SCALAR_ROOM = 384, /* any number, address or short text with what surrounds it */
    FIELDS = 512,      /* rows of one record type */
};

struct slot {
    _Atomic(const struct record_type *) type;
    const struct emit_program *program; /* set before `type` is */
};

static struct slot slots[TYPES];
static unsigned slots_used;
static pthread_mutex_t slots_lock = PTHREAD_MUTEX_INITIALIZER;

uint8_t emit_program_code(const struct field *field)
{
    if (field->next)
        return EMIT_WALKED;
    if (field->get)
        return EMIT_COMPUTED;
    return field->type < FIELD_LIST ? (uint8_t)field->type : EMIT_MISSING;
}

static void pad(struct buffer *keys)
{
    static const uint8_t zeroes[2 * PADDING];
    buffer_add(keys, zeroes, 2 * PADDING - keys->length % PADDING);
}

/* Appends the three forms of a name; the step's pointers are offsets until the end. */
static void add_keys(struct buffer *keys, struct emit_step *step, const char *name, size_t length)
{
    size_t begin = keys->length;
    buffer_add_byte(keys, ',');
    uint8_t *at = emit_room_begin(keys);
    emit_room_end(keys, at ? json_write_text(keys, at, name, length) : NULL);
    buffer_add_byte(keys, ':');
    size_t key_length = keys->length - begin;
    pad(keys);

    size_t underscored = keys->length;
    uint8_t *copy = buffer_room(keys, key_length);
    for (size_t i = 0; copy && i < key_length; i++)
        copy[i] = keys->data[begin + i] == '.' ? '_' : keys->data[begin + i];
    buffer_advance(keys, copy ? key_length : 0);
    pad(keys);

    size_t packed = keys->length;
    at = emit_room_begin(keys);
    emit_room_end(keys, at ? msgpack_write_text(keys, at, name, length) : NULL);
    step->key_length = (uint16_t)key_length;
    step->packed_length = (uint16_t)(keys->length - packed);
    step->dotted = (const uint8_t *)begin;
    step->underscored = (const uint8_t *)underscored;
    step->packed = (const uint8_t *)packed;
    step->room = (uint32_t)key_length + PADDING + SCALAR_ROOM;
    pad(keys);
}

static void compile_step(const struct emit_order *order, struct emit_step *step,
                         struct buffer *keys)
{
    const struct field *field = order->field;
    *step = (struct emit_step){.code = order->code,
                               .field = field,
                               .kept = order->kept,
                               .hidden = order->hidden,
                               .mute = order->mute};
    if (field) {
        step->offset = field->offset;
        step->optional = field->flags & FIELD_OPTIONAL;
    }
    if (order->name)
        add_keys(keys, step, order->name, order->name_length);
}

struct emit_program *emit_program_new(const struct emit_order *orders, size_t count)
{
    struct buffer keys = {0};
    struct emit_program *program = calloc(1, sizeof *program + count * sizeof *program->steps);
    if (!program)
        return NULL;
    program->count = count;
    program->complete = true;
    for (size_t i = 0; i < count; i++) {
        struct emit_step *step = &program->steps[i];
        compile_step(&orders[i], step, &keys);
        program->members += orders[i].name != NULL;
        bool may_lack = step->optional || step->code == EMIT_COMPUTED ||
                        step->code == EMIT_WALKED || step->code == FIELD_RECORD;
        program->complete &= step->kept || !may_lack;
    }
    program->keys = keys.data;
    if (keys.failed) {
        emit_program_free(program);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        program->steps[i].dotted = keys.data + (size_t)program->steps[i].dotted;
        program->steps[i].underscored = keys.data + (size_t)program->steps[i].underscored;
        program->steps[i].packed = keys.data + (size_t)program->steps[i].packed;
    }
    return program;
}

void emit_program_free(struct emit_program *program)
{
    if (!program)
        return;
    free(program->keys);
    free(program);
}

static struct emit_program *compile_type(const struct record_type *type)
{
    struct emit_order orders[FIELDS];
    size_t count = 0;
    if (type->count > FIELDS)
        return NULL;
    for (size_t i = 0; i < type->count; i++) {
        const struct field *field = &type->fields[i];
        if (field->flags & FIELD_ALIAS)
            continue;
        orders[count++] = (struct emit_order){.code = emit_program_code(field),
                                              .field = field,
                                              .name = field->name,
                                              .name_length = strlen(field->name)};
    }
    return emit_program_new(orders, count);
}

/* The slot of a type, or the free one where it belongs. */
static struct slot *slot_of(const struct record_type *type)
{
    size_t at = (size_t)((uint64_t)(uintptr_t)type * 0x9e3779b97f4a7c15ull >> 40);
    for (;; at++) {
        struct slot *slot = &slots[at % TYPES];
        const struct record_type *owner = atomic_load_explicit(&slot->type, memory_order_acquire);
        if (owner == type || !owner)
            return slot;
    }
}

static const struct emit_program *add_type(const struct record_type *type)
{
    pthread_mutex_lock(&slots_lock);
    struct slot *slot = slot_of(type);
    const struct emit_program *program = slot->program; /* another thread was first */
    if (!program && slots_used < TYPES / 2) {
        program = compile_type(type);
        slot->program = program;
        if (program) {
            slots_used++;
            atomic_store_explicit(&slot->type, type, memory_order_release);
        }
    }
    pthread_mutex_unlock(&slots_lock);
    return program;
}

const struct emit_program *emit_program_find(const struct record_type *type)
{
    struct slot *slot = slot_of(type);
    if (atomic_load_explicit(&slot->type, memory_order_acquire) == type)
        return slot->program;
    return add_type(type);
}
