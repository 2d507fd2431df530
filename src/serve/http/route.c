/* Matching targets against the table of endpoints. See route.h. */
#include "serve/http/route.h"

#include <stdbool.h>
#include <string.h>

#include "util/text.h"

enum { DATA = 1u << ROUTE_DATA | 1u << ROUTE_TREE, COMMAND = 1u << ROUTE_COMMAND };

static const struct {
    const char *text;
    enum suffix suffix;
    unsigned kinds; /* bits of enum route_kind */
} suffixes[] = {
    {"json", SUFFIX_JSON, DATA | COMMAND},
    {"prettyjson", SUFFIX_PRETTYJSON, DATA},
    {"tjson", SUFFIX_TJSON, DATA},
    {"ekjson", SUFFIX_EKJSON, DATA},
    {"itjson", SUFFIX_ITJSON, DATA},
    {"msgpack", SUFFIX_MSGPACK, DATA},
    {"cmd", SUFFIX_CMD, COMMAND},
    {"jcmd", SUFFIX_JCMD, COMMAND},
    {"ws", SUFFIX_WS, 1u << ROUTE_WEBSOCKET},
};

static enum suffix find_suffix(const char *text, enum route_kind kind)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if ((suffixes[i].kinds & 1u << kind) && strcmp(suffixes[i].text, text) == 0)
            return suffixes[i].suffix;
    return SUFFIX_NONE;
}

/* The next segment of a row's path; its length, 0 at the end. */
static size_t next_segment(const char **path)
{
    *path += **path == '/';
    return strcspn(*path, "/");
}

static bool is_equal(const struct target_part *part, const char *text, size_t length)
{
    return part->length == length && memcmp(part->text, text, length) == 0;
}

/* Matches the last word of a row and the suffix after it. */
static bool match_last(const struct route *route, const struct target_part *part, const char *word,
                       size_t length, struct route_match *match)
{
    if (route->kind == ROUTE_PLAIN)
        return is_equal(part, word, length);
    const char *dot = strrchr(part->text, '.');
    if (!dot || (size_t)(dot - part->text) != length || memcmp(part->text, word, length) != 0)
        return false;
    match->suffix = find_suffix(dot + 1, route->kind);
    return match->suffix != SUFFIX_NONE;
}

static bool match_route(const struct route *route, const struct target *target,
                        struct route_match *match)
{
    const char *path = route->path;
    size_t parameters = 0, segment = 0, length;
    while ((length = next_segment(&path)) > 0) {
        const struct target_part *part = &target->segments[segment];
        bool last = path[length] == '\0';
        if (segment++ == target->segment_count)
            return false;
        if (*path == '{' && parameters < ROUTE_PARAMETERS)
            match->parameters[parameters++] = *part;
        else if (last ? !match_last(route, part, path, length, match)
                      : !is_equal(part, path, length))
            return false;
        path += length;
    }
    match->rest = segment;
    return segment == target->segment_count || route->kind == ROUTE_TREE;
}

void route_find(const struct route *const *routes, const struct target *target, unsigned method,
                struct route_match *ret_match)
{
    char first = target->segment_count ? target->segments[0].text[0] : '\0';
    *ret_match = (struct route_match){0};
    for (; *routes; routes++) {
        for (const struct route *route = *routes; route->path; route++) {
            struct route_match match;
            if (route->path[1] != first && route->path[1] != '{') /* most rows: not even begun */
                continue;
            match = (struct route_match){.route = route};
            if (!match_route(route, target, &match))
                continue;
            unsigned methods = ret_match->methods | route->methods;
            if (!ret_match->route && (route->methods & method))
                *ret_match = match;
            ret_match->methods = methods;
        }
    }
}

const struct target_part *route_parameter(const struct route_match *match, const char *name)
{
    const char *path = match->route->path;
    size_t length, index = 0, name_length = strlen(name);
    for (; (length = next_segment(&path)) > 0; path += length) {
        if (*path != '{')
            continue;
        if (length == name_length + 2 && memcmp(path + 1, name, name_length) == 0)
            return &match->parameters[index];
        index++;
    }
    return NULL;
}

enum {
    FAR = 1000,       /* too far to be meant */
    WORD = 64,        /* longest word that is compared */
    DISTANCE_MAX = 4, /* letters by which a word may differ */
    MISSING_COST = 2, /* of a segment that was left out */
};

/* How far a segment without its suffix is from a word of a row's path. */
static unsigned word_distance(const struct target_part *part, bool last, const char *word,
                              size_t length)
{
    char asked[WORD] = "", wanted[WORD] = "";
    const char *dot = last ? strrchr(part->text, '.') : NULL;
    size_t stem = dot ? (size_t)(dot - part->text) : part->length;
    if (*word == '{')
        return 0;
    if (stem >= WORD || length >= WORD)
        return FAR;
    memcpy(asked, part->text, stem);
    memcpy(wanted, word, length);
    unsigned distance = text_distance(asked, wanted);
    return distance <= DISTANCE_MAX && distance < length ? distance : FAR;
}

static unsigned route_distance(const struct route *route, const struct target *target)
{
    const char *path = route->path;
    size_t segment = 0, length;
    unsigned distance = 0;
    for (; (length = next_segment(&path)) > 0; path += length, segment++) {
        bool last = segment + 1 == target->segment_count;
        if (segment < target->segment_count)
            distance += word_distance(&target->segments[segment], last, path, length);
        else
            distance += MISSING_COST;
    }
    return segment < target->segment_count || target->segment_count < 2 ? FAR : distance;
}

const struct route *route_nearest(const struct route *const *routes, const struct target *target)
{
    const struct route *nearest = NULL;
    unsigned least = FAR;
    for (; *routes; routes++) {
        for (const struct route *route = *routes; route->path; route++) {
            unsigned distance = route_distance(route, target);
            if (distance >= least)
                continue;
            least = distance;
            nearest = route;
        }
    }
    return nearest;
}

const char *route_ending(const struct route *route)
{
    static const char *const endings[] = {
        [ROUTE_PLAIN] = "",       [ROUTE_DATA] = ".json",    [ROUTE_TREE] = ".json",
        [ROUTE_COMMAND] = ".cmd", [ROUTE_WEBSOCKET] = ".ws",
    };
    return endings[route->kind];
}
