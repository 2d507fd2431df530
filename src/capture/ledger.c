/* Rings of minutes, and the arithmetic over them. See ledger.h.
 *
 * Chances: within a minute the visits to a channel are taken as alike and their times as random. A
 * visit of length d hears k or k + 1 beacons, k the whole number of intervals in d, and k + 1 with
 * the chance of the rest; each of them is lost with the minute's share of lost frames. */
#include "capture/ledger.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS 60000u
#define BEACON_MS 102.4 /* 100 time units (IEEE 802.11-2020, 9.4.1.3) */

struct channel_minutes {
    char text[SOURCE_CHANNEL_TEXT];
    uint16_t listened[LEDGER_MINUTES]; /* milliseconds */
    uint16_t visits[LEDGER_MINUTES];
    uint16_t refused[LEDGER_MINUTES];
};

struct ledger {
    uint64_t begin_ms;
    uint64_t newest; /* minute */
    uint32_t counts[LEDGER_COUNTS][LEDGER_MINUTES];
    uint16_t gaps[LEDGER_GAPS][LEDGER_MINUTES]; /* milliseconds */
    unsigned channel_count;
    struct channel_minutes *channels[LEDGER_CHANNELS];
};

struct ledger *ledger_new(uint64_t now_ms)
{
    struct ledger *ledger = calloc(1, sizeof *ledger);
    if (!ledger)
        return NULL;
    ledger->begin_ms = now_ms;
    ledger->newest = now_ms / MINUTE_MS;
    return ledger;
}

void ledger_free(struct ledger *ledger)
{
    if (!ledger)
        return;
    for (unsigned i = 0; i < ledger->channel_count; i++)
        free(ledger->channels[i]);
    free(ledger);
}

static void clear_minute(struct ledger *ledger, unsigned slot)
{
    for (unsigned i = 0; i < LEDGER_COUNTS; i++)
        ledger->counts[i][slot] = 0;
    for (unsigned i = 0; i < LEDGER_GAPS; i++)
        ledger->gaps[i][slot] = 0;
    for (unsigned i = 0; i < ledger->channel_count; i++) {
        struct channel_minutes *channel = ledger->channels[i];
        channel->listened[slot] = channel->visits[slot] = channel->refused[slot] = 0;
    }
}

/* Moves on to a minute; false when that is older than what is kept. */
static bool reach(struct ledger *ledger, uint64_t minute)
{
    if (minute + LEDGER_MINUTES <= ledger->newest)
        return false;
    uint64_t from = ledger->newest + 1;
    if (minute >= from + LEDGER_MINUTES)
        from = minute + 1 - LEDGER_MINUTES;
    for (; from <= minute; from++)
        clear_minute(ledger, from % LEDGER_MINUTES);
    if (minute > ledger->newest)
        ledger->newest = minute;
    return true;
}

/* The channel's minutes, made when it is new; NULL when there are too many. */
static struct channel_minutes *get_channel(struct ledger *ledger, const char *text)
{
    for (unsigned i = 0; i < ledger->channel_count; i++)
        if (strcmp(ledger->channels[i]->text, text) == 0)
            return ledger->channels[i];
    size_t length = strlen(text);
    bool fits = length < SOURCE_CHANNEL_TEXT && ledger->channel_count < LEDGER_CHANNELS;
    struct channel_minutes *channel = fits ? calloc(1, sizeof *channel) : NULL;
    if (!channel)
        return NULL;
    memcpy(channel->text, text, length + 1);
    ledger->channels[ledger->channel_count++] = channel;
    return channel;
}

static void add16(uint16_t *number, uint64_t more)
{
    *number = more > (uint64_t)(UINT16_MAX - *number) ? UINT16_MAX : (uint16_t)(*number + more);
}

void ledger_count(struct ledger *ledger, uint64_t now_ms, const uint64_t counts[LEDGER_COUNTS])
{
    uint64_t minute = now_ms / MINUTE_MS;
    if (!reach(ledger, minute))
        return;
    for (unsigned i = 0; i < LEDGER_COUNTS; i++) {
        uint32_t *count = &ledger->counts[i][minute % LEDGER_MINUTES];
        *count = counts[i] > UINT32_MAX - *count ? UINT32_MAX : *count + (uint32_t)counts[i];
    }
}

/* Cuts what is longer than can be kept, and so at most a day of minutes is walked. */
static uint64_t latest_begin(uint64_t begin_ms, uint64_t end_ms)
{
    const uint64_t day = (uint64_t)LEDGER_MINUTES * MINUTE_MS;
    return end_ms - begin_ms > day ? end_ms - day : begin_ms;
}

/* Spreads an interval over the minutes it lies in. */
static void spread(struct ledger *ledger, uint16_t *minutes, uint64_t begin_ms, uint64_t end_ms)
{
    for (uint64_t at = latest_begin(begin_ms, end_ms); at < end_ms;) {
        uint64_t next = (at / MINUTE_MS + 1) * MINUTE_MS;
        if (next > end_ms)
            next = end_ms;
        if (reach(ledger, at / MINUTE_MS))
            add16(&minutes[at / MINUTE_MS % LEDGER_MINUTES], next - at);
        at = next;
    }
}

void ledger_listen(struct ledger *ledger, const char *channel, uint64_t begin_ms, uint64_t end_ms,
                   bool is_hop)
{
    struct channel_minutes *minutes = begin_ms < end_ms ? get_channel(ledger, channel) : NULL;
    if (!minutes)
        return;
    if (is_hop && reach(ledger, begin_ms / MINUTE_MS))
        add16(&minutes->visits[begin_ms / MINUTE_MS % LEDGER_MINUTES], 1);
    spread(ledger, minutes->listened, begin_ms, end_ms);
}

void ledger_refuse(struct ledger *ledger, const char *channel, uint64_t now_ms)
{
    struct channel_minutes *minutes = get_channel(ledger, channel);
    if (minutes && reach(ledger, now_ms / MINUTE_MS))
        add16(&minutes->refused[now_ms / MINUTE_MS % LEDGER_MINUTES], 1);
}

void ledger_miss(struct ledger *ledger, enum ledger_gap gap, uint64_t begin_ms, uint64_t end_ms)
{
    if (begin_ms < end_ms)
        spread(ledger, ledger->gaps[gap], begin_ms, end_ms);
}

bool ledger_is_channel(const char *text, const char *wanted)
{
    size_t length = strlen(wanted);
    if (!length || strncmp(text, wanted, length) != 0)
        return false;
    const char *rest = text + length;
    bool is_band = strncmp(rest, "W6e", 3) == 0; /* 1 is not 1W6e */
    return !*rest || (!isdigit((unsigned char)*rest) && !is_band);
}

/* Drops among what the radio heard in a minute. */
static double lost_in(const struct ledger *ledger, unsigned slot)
{
    uint64_t dropped = 0;
    for (unsigned i = LEDGER_KERNEL_DROPS; i < LEDGER_COUNTS; i++)
        dropped += ledger->counts[i][slot];
    uint64_t all = dropped + ledger->counts[LEDGER_FRAMES][slot];
    return all ? (double)dropped / (double)all : 0;
}

/* The chance that `visits` visits of `listened` ms together hear no beacon. */
static double beacons_missed(double listened, unsigned visits, double lost)
{
    double each = listened / visits / BEACON_MS, whole = floor(each), rest = each - whole;
    double missed = (1 - rest) * pow(lost, whole) + rest * pow(lost, whole + 1);
    return pow(missed, visits);
}

/* A window as minutes, and what is known of it. */
struct window {
    uint64_t begin_ms, end_ms, first, last; /* minutes, both included */
    unsigned slots;
    double slot_ms[LEDGER_SLOTS]; /* how much of the window lies in each */
};

static unsigned slot_of(const struct window *window, uint64_t minute)
{
    return (unsigned)((minute - window->first) * window->slots /
                      (window->last - window->first + 1));
}

/* Cuts the window into slots of whole minutes. */
static void cut_window(struct window *window)
{
    uint64_t minutes = window->last - window->first + 1;
    window->slots = minutes < LEDGER_SLOTS ? (unsigned)minutes : LEDGER_SLOTS;
    for (uint64_t minute = window->first; minute <= window->last; minute++) {
        uint64_t begin = minute * MINUTE_MS, end = begin + MINUTE_MS;
        begin = begin < window->begin_ms ? window->begin_ms : begin;
        end = end > window->end_ms ? window->end_ms : end;
        window->slot_ms[slot_of(window, minute)] += end > begin ? (double)(end - begin) : 0;
    }
}

static struct window make_window(const struct ledger *ledger, uint64_t begin_ms, uint64_t end_ms)
{
    struct window window = {.end_ms = end_ms, .last = end_ms / MINUTE_MS};
    uint64_t oldest =
        window.last >= LEDGER_MINUTES ? (window.last + 1 - LEDGER_MINUTES) * MINUTE_MS : 0;
    window.begin_ms = begin_ms / MINUTE_MS * MINUTE_MS;
    if (window.begin_ms < oldest)
        window.begin_ms = oldest;
    if (window.begin_ms < ledger->begin_ms)
        window.begin_ms = ledger->begin_ms;
    if (window.begin_ms > end_ms)
        window.begin_ms = end_ms;
    window.first = window.begin_ms / MINUTE_MS;
    cut_window(&window);
    return window;
}

/* True when the ledger has written in that minute of its ring. */
static bool has_minute(const struct ledger *ledger, uint64_t minute)
{
    return minute <= ledger->newest && minute + LEDGER_MINUTES > ledger->newest;
}

static void read_channel(const struct ledger *ledger, const struct channel_minutes *channel,
                         const struct window *window, struct ledger_channel *ret_channel)
{
    double span = (double)(window->end_ms - window->begin_ms), heard = 0;
    struct ledger_channel read = {.beacon_missed = 1, .frame_missed = 1};
    memcpy(read.text, channel->text, sizeof read.text);
    for (uint64_t minute = window->first; minute <= window->last; minute++) {
        unsigned slot = minute % LEDGER_MINUTES;
        if (!has_minute(ledger, minute))
            continue;
        double listened = channel->listened[slot], lost = lost_in(ledger, slot);
        unsigned visits = channel->visits[slot];
        read.visits += visits;
        read.refused += channel->refused[slot];
        if (!(listened > 0))
            continue;
        read.listened += listened / 1000;
        heard += listened * (1 - lost);
        read.beacon_missed *= beacons_missed(listened, visits ? visits : 1, lost);
        read.slots[slot_of(window, minute)] += listened;
    }
    for (unsigned slot = 0; slot < window->slots; slot++)
        read.slots[slot] =
            window->slot_ms[slot] > 0 ? fmin(read.slots[slot] / window->slot_ms[slot], 1) : 0;
    read.fraction = span > 0 ? fmin(read.listened * 1000 / span, 1) : 0;
    read.frame_missed = span > 0 ? fmax(1 - heard / span, 0) : 1;
    *ret_channel = read;
}

static void read_totals(const struct ledger *ledger, const struct window *window,
                        struct ledger_report *report)
{
    uint64_t dropped = 0;
    for (uint64_t minute = window->first; minute <= window->last; minute++) {
        unsigned slot = minute % LEDGER_MINUTES;
        if (!has_minute(ledger, minute))
            continue;
        for (unsigned i = 0; i < LEDGER_COUNTS; i++)
            report->counts[i] += ledger->counts[i][slot];
        for (unsigned i = 0; i < LEDGER_GAPS; i++)
            report->gaps[i] += ledger->gaps[i][slot] / 1000.0;
    }
    for (unsigned i = LEDGER_KERNEL_DROPS; i < LEDGER_COUNTS; i++)
        dropped += report->counts[i];
    uint64_t all = dropped + report->counts[LEDGER_FRAMES];
    report->lost = all ? (double)dropped / (double)all : 0;
}

void ledger_read(const struct ledger *ledger, uint64_t begin_ms, uint64_t end_ms,
                 const char *channel, struct ledger_report *ret_report)
{
    struct window window = make_window(ledger, begin_ms, end_ms);
    memset(ret_report, 0, sizeof *ret_report);
    ret_report->begin_ms = window.begin_ms;
    ret_report->end_ms = window.end_ms;
    ret_report->slot_count = window.slots;
    read_totals(ledger, &window, ret_report);
    for (unsigned i = 0; i < ledger->channel_count; i++) {
        struct ledger_channel *read = &ret_report->channels[ret_report->channel_count];
        if (channel && !ledger_is_channel(ledger->channels[i]->text, channel))
            continue;
        read_channel(ledger, ledger->channels[i], &window, read);
        ret_report->hops += read->visits;
        ret_report->refused += read->refused;
        ret_report->channel_count += read->visits || read->refused || read->listened > 0;
    }
}
