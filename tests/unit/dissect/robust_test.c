/* Every packet of every capture in the corpus, whatever its kind, through all dissectors: whole,
 * cut at 16 lengths, and with bit errors of 8 seeds; each variant in a block of its exact size.
 * The sanitizers judge. Packets whose link type is not ours are read as each of ours, too. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "capture_reader.h"
#include "dissect/linktype.h"
#include "every_dissector.h"

enum {
    CUTS = 16,
    SEEDS = 8,
    PACKETS_MAX = 1500, /* of one file: the largest repeat themselves */
    LENGTH_MAX = 4096,
};

static const uint16_t ours[] = {
    LINKTYPE_IEEE802_11,
    LINKTYPE_RADIOTAP,
    LINKTYPE_PPI,
    LINKTYPE_PRISM,
    LINKTYPE_AVS,
    LINKTYPE_BLUETOOTH_LE,
    LINKTYPE_NORDIC_BLE,
    LINKTYPE_BLUETOOTH_HCI,
    LINKTYPE_BLUETOOTH_LE_PHDR,
    LINKTYPE_BLUETOOTH_HCI_PHDR,
    LINKTYPE_BLUETOOTH_MONITOR,
};
enum { OURS = sizeof ours / sizeof ours[0] };

static uint64_t sum;
static unsigned packets;

static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(*state >> 33);
}

static void run(uint16_t link_type, const uint8_t *data, uint32_t length, uint32_t original,
                uint64_t flips)
{
    uint8_t *copy = malloc(length ? length : 1);
    memcpy(copy, data, length);
    for (uint32_t i = 0; flips && length && i < 1 + length / 32; i++)
        copy[next_random(&flips) % length] ^= (uint8_t)(1u << next_random(&flips) % 8);
    sum += every_dissector(link_type, copy, length, original);
    free(copy);
}

static void run_packet(uint16_t link_type, const struct packet *packet)
{
    uint32_t length = packet->length < LENGTH_MAX ? packet->length : LENGTH_MAX;
    run(link_type, packet->data, length, packet->original_length, 0);
    for (uint32_t i = 0; i < CUTS; i++)
        run(link_type, packet->data, length * i / CUTS, packet->original_length, 0);
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        run(link_type, packet->data, length, length, seed * 7919 + packet->number);
    packets++;
}

static void run_file(const char *path)
{
    struct capture capture;
    struct packet packet;
    if (!capture_open(&capture, path))
        return; /* not a capture: the readers' affair */
    for (unsigned i = 0; i < PACKETS_MAX && capture_next(&capture, &packet); i++) {
        if (linktype_supported(packet.link_type))
            run_packet(packet.link_type, &packet);
        else if (i < 20)
            run_packet(ours[i % OURS], &packet);
    }
    capture_close(&capture);
}

static unsigned run_kind(const char *corpus, const char *kind)
{
    char path[4096];
    unsigned files = 0;
    snprintf(path, sizeof path, "%s/files/%s", corpus, kind);
    DIR *directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/files/%s/%s", corpus, kind, entry->d_name);
        run_file(path);
        files++;
    }
    if (directory)
        closedir(directory);
    return files;
}

static void test_corpus(void **state)
{
    (void)state;
    static const char *const kinds[] = {"dot11", "malformed", "pcapng", "other",
                                        "btle",  "hci",       "802154"};
    const char *corpus = capture_corpus();
    unsigned files = 0;
    if (!corpus) {
        print_message("no corpus (NORN_CAPTURES): robustness over its files skipped\n");
        skip();
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        files += run_kind(corpus, kinds[i]);
    print_message("%u files, %u packets, %u variants each (%llx)\n", files, packets,
                  1 + CUTS + SEEDS, (unsigned long long)sum);
    assert_true(packets > 0);
}

/* Random bytes under every link type, frame control first. */
static void test_noise(void **state)
{
    (void)state;
    uint64_t random = 42;
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[512];
        uint32_t length = next_random(&random) % sizeof bytes;
        for (uint32_t k = 0; k < length; k++)
            bytes[k] = (uint8_t)next_random(&random);
        run(ours[i % OURS], bytes, length, length, 0);
        sum += every_elements(bytes, length);
        sum += every_eapol(bytes, length);
        sum += every_advertising(bytes, length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
