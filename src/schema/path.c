/* Paths into records: "row/row/row", with an index or key text after a list or map. Compiled once
 * and run per record: writing what is there (sub-key requests), the one value (sorting), or every
 * value through all elements on the way (regex and search). Declared in projection.h. */
#include <errno.h>

#include "schema/emit_room.h"
#include "schema/emit_walk.h"
#include "schema/number.h"
#include "schema/projection.h"
#include "util/text.h"

/* One run of a path. What it ends on goes to `on_row` (a row of a record) or `on_element`; true
 * from either stops the run. */
struct run {
    const struct path *path;
    struct view *view;
    bool expand; /* steps without a key enter every element */
    bool (*on_row)(struct run *run, const struct field *field, const void *record);
    bool (*on_element)(struct run *run, const struct field *field, const struct value *element);
    const struct path_form *form;
    struct emitter *emitter;
    struct value *value;
    bool (*on_value)(void *context, const struct value *value);
    void *context;
};

static bool is_record(enum field_type type)
{
    return type == FIELD_RECORD || type == FIELD_INLINE;
}

/* Where the compilation of a path stands. */
struct place {
    const struct record_type *type; /* of the record it is in, or of the elements it may enter */
    const struct field *container;  /* list or map just stepped to, or into */
    bool picked;                    /* an element of it was picked */
};

static int add_step(struct path *path, const struct field *field, const char *key, size_t length)
{
    if (path->count == PATH_STEPS)
        return -E2BIG;
    path->steps[path->count++] =
        (struct path_step){.field = field, .key = key, .key_length = length};
    return 0;
}

/* The row that walks the elements of `container` where those are lists themselves, or NULL. */
static const struct field *inner_list(const struct field *container)
{
    bool nested = container && container->element == FIELD_LIST && container->record;
    return nested ? &container->record->fields[0] : NULL;
}

static int add_part(struct path *path, struct place *place, const char *part, size_t length)
{
    const struct field *inner = inner_list(place->container);
    int error = 0;
    if (inner && place->picked) {
        error = add_step(path, inner, NULL, 0);
        *place = (struct place){.type = inner->record, .container = inner};
        inner = NULL;
    }
    const struct field *row = record_find(inner ? inner->record : place->type, part, length);
    if (row) {
        if (inner && !error)
            error = add_step(path, inner, NULL, 0);
        *place = (struct place){.type = row->type >= FIELD_RECORD ? row->record : NULL,
                                .container = row->type >= FIELD_LIST ? row : NULL};
        return error ? error : add_step(path, row, NULL, 0);
    }
    if (error || !place->container || place->picked)
        return error ? error : -ENOENT;
    place->picked = true;
    place->type = is_record(place->container->element) ? place->type : NULL;
    return add_step(path, NULL, part, length);
}

int path_parse(const struct record_type *type, const char *text, size_t length,
               struct path *ret_path)
{
    struct path path = {.count = 0};
    struct place place = {.type = type};
    const char *at = text, *end = text + length;
    while (at < end) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        size_t part = (size_t)((slash ? slash : end) - at);
        int error = part ? add_part(&path, &place, at, part) : 0;
        if (error)
            return error;
        at += part + 1;
    }
    if (!path.count)
        return -ENOENT;
    *ret_path = path;
    return 0;
}

/* The key of an element is the text of the step. */
static bool is_key(const struct path_step *step, const struct value *key)
{
    uint8_t memory[NUMBER_ANY];
    struct buffer text = {.data = memory, .capacity = sizeof memory, .ceiling = sizeof memory};
    if (key->type == FIELD_STRING || key->type == FIELD_TEXT)
        return key->length == step->key_length &&
               memcmp(key->text, step->key, step->key_length) == 0;
    struct macaddr mac;
    if (key->type == FIELD_MAC)
        return macaddr_parse(step->key, step->key_length, &mac, NULL) == 0 &&
               macaddr_equal(mac, key->mac);
    value_text(key, &text);
    return text.length == step->key_length && memcmp(memory, step->key, text.length) == 0;
}

static bool visit_row(struct run *run, size_t at, const void *record);

/* Goes on after an element that the step before `at` picked or entered. */
static bool visit_element(struct run *run, size_t at, const struct field *field,
                          const struct value *element)
{
    if (at == run->path->count)
        return run->on_element(run, field, element);
    bool enters = is_record(element->type) || element->type == FIELD_LIST;
    if (element->absent || !enters || !element->record)
        return false;
    return visit_row(run, at, element->record);
}

/* Elements of the list or map that row `field` holds; step `at` may pick one. */
static bool visit_elements(struct run *run, size_t at, const struct field *field,
                           const void *record)
{
    const struct path_step *step = &run->path->steps[at];
    struct cursor cursor = {0};
    int64_t wanted = -1, index = 0;
    if (step->field && !run->expand)
        return false;
    if (!step->field && field->type == FIELD_LIST &&
        text_parse_i64(step->key, step->key_length, &wanted))
        return false;
    for (; emit_walk_next(field, record, run->view, &cursor); index++) {
        if (step->field) {
            if (visit_element(run, at, field, &cursor.element))
                return true;
            continue;
        }
        if (field->type == FIELD_LIST ? index == wanted : is_key(step, &cursor.key))
            return visit_element(run, at + 1, field, &cursor.element);
    }
    return false;
}

static bool visit_row(struct run *run, size_t at, const void *record)
{
    const struct field *field = run->path->steps[at].field;
    size_t mark = run->view->scratch_used;
    bool stop = false;
    if (at + 1 == run->path->count) {
        stop = run->on_row(run, field, record);
    } else if (field->next) {
        stop = visit_elements(run, at + 1, field, record);
    } else {
        struct value value;
        record_value(field, record, run->view, &value);
        if (!value.absent && is_record(value.type))
            stop = visit_row(run, at + 1, value.record);
    }
    run->view->scratch_used = mark;
    return stop;
}

const struct record_type *path_type(const struct path *path)
{
    const struct path_step *last = &path->steps[path->count - 1];
    const struct field *field = last->field;
    if (!field) /* an element of what the step before leads to */
        field = path->count > 1 ? path->steps[path->count - 2].field : NULL;
    if (!field)
        return NULL;
    return is_record(field->next ? field->element : field->type) ? field->record : NULL;
}

static void end_line(struct run *run)
{
    if (run->form->lines)
        buffer_add_byte(run->emitter->buffer, '\n');
}

static uint32_t count_elements(struct run *run, const struct field *field, const void *record)
{
    struct cursor cursor = {0};
    uint32_t count = 0;
    size_t mark = run->view->scratch_used;
    for (; emit_walk_next(field, record, run->view, &cursor); count++)
        run->view->scratch_used = mark;
    return count;
}

/* The records of a list or map one by one, as the form wants them. */
static void emit_records(struct run *run, const struct field *field, const void *record)
{
    struct emitter *emitter = run->emitter;
    struct cursor cursor = {0};
    bool is_list = field->type == FIELD_LIST, by_lines = is_list && run->form->lines;
    size_t mark = run->view->scratch_used;
    uint32_t count = by_lines ? 0 : count_elements(run, field, record);
    if (!is_list)
        emit_map_begin(emitter, field->type, count);
    else if (!by_lines)
        emit_array_begin(emitter, count);
    while (emit_walk_next(field, record, run->view, &cursor)) {
        if (!is_list)
            emit_key(emitter, field->type, &cursor.key);
        else if (!by_lines)
            emit_element(emitter);
        if (cursor.element.record)
            emit_record(emitter, field->record, run->form->projection, cursor.element.record,
                        run->view);
        else
            emit_value(emitter, &(struct value){.absent = true});
        if (by_lines)
            end_line(run);
        run->view->scratch_used = mark;
    }
    if (!is_list)
        emit_map_end(emitter);
    else if (!by_lines)
        emit_array_end(emitter);
    if (!by_lines)
        end_line(run);
}

static bool emit_row(struct run *run, const struct field *field, const void *record)
{
    struct value value = {0};
    if (field->next && field->flags & FIELD_OPTIONAL) {
        struct cursor cursor = {0};
        if (!emit_walk_next(field, record, run->view, &cursor))
            return false;
    } else if (!field->next) {
        record_value(field, record, run->view, &value);
        if (value.absent)
            return false;
    }
    const struct projection *projection = run->form->projection;
    bool by_lines = run->form->lines && field->type == FIELD_LIST;
    if (field->next && is_record(field->element) && (projection || by_lines)) {
        emit_records(run, field, record);
        return true;
    }
    if (projection && is_record(field->type))
        emit_record(run->emitter, field->record, projection, value.record, run->view);
    else
        emit_field(run->emitter, field, record, run->view);
    end_line(run);
    return true;
}

static bool emit_element_value(struct run *run, const struct field *field,
                               const struct value *element)
{
    struct buffer *buffer = run->emitter->buffer;
    if (element->absent || (is_record(element->type) && !element->record))
        return false;
    if (run->form->projection && is_record(element->type)) {
        emit_record(run->emitter, field->record, run->form->projection, element->record, run->view);
        end_line(run);
        return true;
    }
    uint8_t *at = emit_room_begin(buffer);
    if (at)
        emit_room_end(buffer, emit_walk_value(run->emitter, at, element, field->record, run->view));
    end_line(run);
    return true;
}

int path_emit(const struct path *path, const struct path_form *form, struct emitter *emitter,
              const void *record, struct view *view)
{
    struct run run = {.path = path,
                      .view = view,
                      .form = form,
                      .emitter = emitter,
                      .on_row = emit_row,
                      .on_element = emit_element_value};
    return path->count && record && visit_row(&run, 0, record) ? 0 : -ENOENT;
}

static bool keep_element(struct run *run, const struct field *field, const struct value *element)
{
    if (!element->absent && !is_record(element->type))
        *run->value = *element;
    return true;
}

static bool keep_row(struct run *run, const struct field *field, const void *record)
{
    struct value value;
    record_value(field, record, run->view, &value);
    return keep_element(run, field, &value);
}

void path_value(const struct path *path, const void *record, struct view *view, struct value *ret)
{
    struct run run = {
        .path = path, .view = view, .value = ret, .on_row = keep_row, .on_element = keep_element};
    *ret = (struct value){.absent = true};
    view->brief = true;
    if (path->count && record)
        visit_row(&run, 0, record);
    view->brief = false;
}

static bool offer_row(struct run *run, const struct field *field, const void *record);

static bool offer_element(struct run *run, const struct field *field, const struct value *element)
{
    if (element->absent)
        return false;
    if (element->type == FIELD_LIST) /* a list in a list or map */
        return offer_row(run, &field->record->fields[0], element->record);
    return element->type < FIELD_POINT && run->on_value(run->context, element);
}

static bool offer_row(struct run *run, const struct field *field, const void *record)
{
    struct value value;
    if (!field->next) {
        record_value(field, record, run->view, &value);
        return offer_element(run, field, &value);
    }
    struct cursor cursor = {0};
    while (emit_walk_next(field, record, run->view, &cursor))
        if (offer_element(run, field, &cursor.element))
            return true;
    return false;
}

bool path_any(const struct path *path, const void *record, struct view *view,
              bool (*on_value)(void *context, const struct value *value), void *context)
{
    struct run run = {.path = path,
                      .view = view,
                      .expand = true,
                      .on_row = offer_row,
                      .on_element = offer_element,
                      .on_value = on_value,
                      .context = context};
    return path->count && record && visit_row(&run, 0, record);
}
