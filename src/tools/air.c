/* Makes 802.11 frames for captures of our own: bytes, elements, whole frames with radiotap and FCS.
 * Input: what norn_demo_capture decides to say; output: a pcap file in a buffer. One frame is made
 * at a time. IEEE Std 802.11-2020, 9.4.2; 802.11ax and 802.11be for HE and EHT; radiotap.org. */
#include "tools/air.h"

#include <stdlib.h>
#include <string.h>

#include "util/hash.h"

enum {
    FRAMES_MAX = 4000,
    START = 1700000000, /* epoch seconds of the first frame; the demo moves it to now */
    RADIOTAP_BYTES = 25,
};

/* A finished record of the file: its time and where its bytes are in `records`. */
struct record {
    uint64_t time_us;
    size_t offset;
    size_t length;
};

static struct buffer records; /* radiotap, frame and FCS of each record, in order of making */
static struct record order[FRAMES_MAX];
static size_t record_count;
static struct buffer body; /* the frame being made */
static uint16_t sequence;

static uint64_t random_state = 20160912;

/* splitmix64 */
uint64_t air_random(void)
{
    uint64_t z = (random_state += 0x9e3779b97f4a7c15ull);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

void air_put(const void *bytes, size_t length)
{
    buffer_add(&body, bytes, length);
}

void air_put8(unsigned value)
{
    buffer_add_byte(&body, (uint8_t)value);
}

void air_put16(unsigned value)
{
    air_put8(value & 0xff);
    air_put8(value >> 8);
}

void air_put_be16(unsigned value)
{
    air_put8(value >> 8);
    air_put8(value & 0xff);
}

void air_put_le64(uint64_t value)
{
    for (int i = 0; i < 8; i++)
        air_put8((uint8_t)(value >> (8 * i)));
}

void air_put_zeroes(size_t count)
{
    while (count--)
        air_put8(0);
}

void air_put_random(size_t count)
{
    while (count--)
        air_put8((uint8_t)air_random());
}

void air_put_element(unsigned id, const void *bytes, size_t length)
{
    air_put8(id);
    air_put8((unsigned)length);
    air_put(bytes, length);
}

void air_send(uint64_t time_us, unsigned frequency, int signal, unsigned rate)
{
    if (record_count == FRAMES_MAX)
        return;
    struct buffer frame = body;
    body = (struct buffer){0};
    uint32_t fcs = crc32_ieee(frame.data, frame.length);
    air_put16(0);
    air_put16(RADIOTAP_BYTES);
    air_put16(0x086f); /* TSFT, flags, rate, channel, signal, noise, antenna */
    air_put16(0);
    air_put_le64(time_us + 77000000);
    air_put8(0x10); /* FCS at the end */
    air_put8(rate);
    air_put16(frequency);
    air_put16(frequency < 3000 ? 0x0480 : 0x0140);
    air_put8((uint8_t)(signal + (int)(air_random() % 5) - 2));
    air_put8((uint8_t)-95);
    air_put8(0);
    air_put(frame.data, frame.length);
    air_put16(fcs & 0xffff);
    air_put16(fcs >> 16);
    order[record_count++] = (struct record){time_us, records.length, body.length};
    buffer_add(&records, body.data, body.length);
    buffer_done(&body);
    body = frame;
    body.length = 0;
}

void air_put_header(unsigned control, const uint8_t *a1, const uint8_t *a2, const uint8_t *a3)
{
    air_put16(control);
    air_put16(a1[0] & 1 ? 0 : 0x003c);
    air_put(a1, 6);
    air_put(a2, 6);
    air_put(a3, 6);
    air_put16((unsigned)(++sequence & 0xfff) << 4);
}

void air_put_llc(unsigned type)
{
    air_put("\xaa\xaa\3\0\0\0", 6);
    air_put_be16(type);
}

static void put_suite(unsigned type)
{
    air_put8(0x00);
    air_put8(0x0f);
    air_put8(0xac);
    air_put8(type);
}

/* RSN element, 9.4.2.24: one or two AKMs, CCMP but for the mixed kind's TKIP group. */
void air_put_rsn(enum security security)
{
    static const struct {
        uint8_t group, akms[2];
        uint16_t capabilities;
    } kinds[] = {
        [WPA_MIXED] = {2, {2, 0}, 0x0000},  [WPA2] = {4, {2, 0}, 0x000c},
        [WPA2_WPA3] = {4, {2, 8}, 0x008c},  [WPA3] = {4, {8, 0}, 0x00cc},
        [ENTERPRISE] = {4, {1, 3}, 0x000c}, [OWE] = {4, {18, 0}, 0x00cc},
    };
    unsigned akms = kinds[security].akms[1] ? 2 : 1;
    bool protects = kinds[security].capabilities & 0x80;
    air_put8(48);
    air_put8(16 + 4 * akms + (protects ? 6 : 0));
    air_put16(1);
    put_suite(kinds[security].group);
    air_put16(1);
    put_suite(4);
    air_put16(akms);
    for (unsigned i = 0; i < akms; i++)
        put_suite(kinds[security].akms[i]);
    air_put16(kinds[security].capabilities);
    if (protects) {
        air_put16(0); /* no PMKIDs, then the group management cipher */
        put_suite(6);
    }
}

static void put_wpa(void)
{
    static const uint8_t wpa[] = {0x00, 0x50, 0xf2, 0x01, 0x01, 0x00, 0x00, 0x50, 0xf2, 0x02, 0x01,
                                  0x00, 0x00, 0x50, 0xf2, 0x02, 0x01, 0x00, 0x00, 0x50, 0xf2, 0x02};
    air_put_element(221, wpa, sizeof wpa);
}

void air_put_rates(const struct access_point *ap)
{
    static const uint8_t slow[] = {0x82, 0x84, 0x8b, 0x96, 0x24, 0x30, 0x48, 0x6c};
    static const uint8_t fast[] = {0x8c, 0x12, 0x98, 0x24, 0xb0, 0x48, 0x60, 0x6c};
    air_put_element(1, ap->frequency < 3000 ? slow : fast, 8);
}

/* HT and VHT: two streams; 20 MHz in the 2.4 GHz band, 80 MHz in the 5 GHz band. */
void air_put_ht_vht(const struct access_point *ap, bool operation)
{
    bool wide = ap->frequency > 3000;
    if (ap->features & HT) {
        air_put8(45);
        air_put8(26);
        air_put16(wide ? 0x09ef : 0x09ad);
        air_put8(0x17);
        air_put16(0xffff);
        air_put_zeroes(21);
    }
    if (ap->features & HT && operation) {
        air_put8(61);
        air_put8(22);
        air_put8(ap->channel);
        air_put8(wide ? 0x05 : 0x00);
        air_put_zeroes(20);
    }
    if (ap->features & VHT) {
        static const uint8_t capabilities[] = {0xb2, 0x59, 0x82, 0x0f, 0xfa, 0xff,
                                               0x00, 0x00, 0xfa, 0xff, 0x00, 0x20};
        air_put_element(191, capabilities, sizeof capabilities);
    }
    if (ap->features & VHT && operation) {
        air_put8(192);
        air_put8(5);
        air_put8(1);
        air_put8(ap->channel + 6); /* these are the lowest 20 MHz of their 80 */
        air_put8(0);
        air_put16(0xfffa);
    }
}

/* HE: 80 MHz at 5 GHz; with EHT, 160 MHz at 6 GHz. */
void air_put_he(const struct access_point *ap, bool operation)
{
    bool six = ap->frequency > 5950;
    air_put8(255);
    air_put8(22 + (six ? 4 : 0));
    air_put8(35);
    air_put_zeroes(6);
    air_put8(six ? 0x0c : 0x04);
    air_put_zeroes(10);
    for (int maps = six ? 4 : 2; maps; maps--)
        air_put16(0xfffa);
    if (!operation)
        return;
    air_put8(255);
    air_put8(7 + (six ? 5 : 0));
    air_put8(36);
    air_put16(0x3ff4);
    air_put8(six ? 0x02 : 0x00);
    air_put8(23);
    air_put16(0xfffc);
    if (!six)
        return;
    air_put8(ap->channel);
    air_put8(3);
    air_put8(ap->channel + 2);
    air_put8(ap->channel + 10);
    air_put8(6);
    static const uint8_t six_capabilities[] = {59, 0xfa, 0x38};
    air_put_element(255, six_capabilities, sizeof six_capabilities);
}

static void put_eht(const struct access_point *ap)
{
    air_put8(255);
    air_put8(9);
    air_put8(106);
    air_put8(0x01);
    static const uint8_t basic[] = {0x11, 0x00, 0x00, 0x00};
    air_put(basic, sizeof basic);
    air_put8(3);
    air_put8(ap->channel + 2);
    air_put8(ap->channel + 10);
    air_put8(255);
    air_put8(18);
    air_put8(108);
    air_put_zeroes(11);
    static const uint8_t maps[] = {0x22, 0x22, 0x22, 0x22, 0x22, 0x22};
    air_put(maps, sizeof maps);
}

static void put_wps_text(unsigned attribute, const char *text)
{
    air_put_be16(attribute);
    air_put_be16((unsigned)strlen(text));
    air_put(text, strlen(text));
}

/* Wi-Fi Simple Configuration: who made the access point, as it tells everybody. */
static void put_wps(bool answer)
{
    size_t start = body.length;
    static const uint8_t head[] = {221,  0,    0x00, 0x50, 0xf2, 0x04, 0x10, 0x4a,
                                   0x00, 0x01, 0x10, 0x10, 0x44, 0x00, 0x01, 0x02};
    air_put(head, sizeof head);
    if (answer) {
        put_wps_text(0x1021, "Fjordworks");
        put_wps_text(0x1023, "Harbour Router");
        put_wps_text(0x1024, "HR-450");
        put_wps_text(0x1042, "FW0012345");
        put_wps_text(0x1011, "Harbour HR-450");
    }
    air_put_be16(0x1008);
    air_put_be16(2);
    air_put_be16(0x268c);
    body.data[start + 1] = (uint8_t)(body.length - start - 2);
}

void air_put_elements(const struct access_point *ap, const char *ssid, bool beacon)
{
    air_put_element(0, ssid, strlen(ssid));
    air_put_rates(ap);
    if (ap->frequency < 3000)
        air_put_element(3, &ap->channel, 1);
    if (beacon)
        air_put_element(5, "\0\1\0\0", 4);
    air_put_element(7, ap->frequency < 3000 ? "US \1\x0b\x1e" : "US \x24\4\x17", 6);
    if (ap->features & LOAD)
        air_put_element(11, "\3\0\x2a\0\0", 5);
    if (ap->frequency < 3000)
        air_put_element(42, "\0", 1);
    if (ap->security >= WPA_MIXED)
        air_put_rsn(ap->security);
    if (ap->frequency < 3000)
        air_put_element(50, "\x0c\x12\x18\x60", 4);
    air_put_ht_vht(ap, true);
    if (ap->features & HT)
        air_put_element(127, "\4\0\x08\0\0\0\0\x40", 8);
    if (ap->features & RSNX)
        air_put_element(244, "\x20", 1);
    if (ap->features & HE)
        air_put_he(ap, true);
    if (ap->features & EHT)
        put_eht(ap);
    if (ap->security == WPA_MIXED)
        put_wpa();
    if (ap->features & HT)
        air_put_element(
            221, "\0\x50\xf2\2\1\1\x80\0\3\xa4\0\0\x27\xa4\0\0\x42\x43\x5e\0\x62\x32\x2f", 24);
    if (ap->features & WPS)
        put_wps(!beacon);
}

static int by_time(const void *a, const void *b)
{
    const struct record *one = a, *other = b;
    if (one->time_us != other->time_us)
        return one->time_us < other->time_us ? -1 : 1;
    return one->offset < other->offset ? -1 : 1;
}

size_t air_write_file(struct buffer *file)
{
    bool lost = records.failed || body.failed || record_count == FRAMES_MAX;
    qsort(order, record_count, sizeof *order, by_time);
    uint32_t head[6] = {0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65535, 127};
    buffer_add(file, head, sizeof head);
    for (size_t i = 0; i < record_count; i++) {
        uint32_t length = (uint32_t)order[i].length;
        uint32_t row[4] = {(uint32_t)(START + order[i].time_us / 1000000),
                           (uint32_t)(order[i].time_us % 1000000), length, length};
        buffer_add(file, row, sizeof row);
        buffer_add(file, records.data + order[i].offset, order[i].length);
    }
    buffer_done(&records);
    buffer_done(&body);
    return lost || file->failed ? 0 : record_count;
}
