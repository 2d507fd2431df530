/* SHA-1: the standard's examples, and every length around the ends of blocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/sha1.h"
#include "util/text.h"

static void expect(const char *text, size_t length, const char *hex)
{
    uint8_t digest[SHA1_BYTES];
    struct buffer written = {0};
    sha1_digest(text, length, digest);
    text_add_hex(&written, digest, sizeof digest);
    buffer_add_byte(&written, 0);
    assert_string_equal((char *)written.data, hex);
    buffer_done(&written);
}

static void test_examples(void **state)
{
    const char *two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    expect("", 0, "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709");
    expect("abc", 3, "A9993E364706816ABA3E25717850C26C9CD0D89D");
    expect(two, strlen(two), "84983E441C3BD26EBAAE4AA1F95129E5E54670F1");
    char *million = malloc(1000000);
    memset(million, 'a', 1000000);
    expect(million, 1000000, "34AA973CD4C4DAA4F61EEB2BDBAD27316534016F");
    free(million);
}

/* The digests of n times 'x', n from 0 to 129, digested (made with another implementation). */
static void test_every_length(void **state)
{
    uint8_t digests[130][SHA1_BYTES];
    char text[130];
    memset(text, 'x', sizeof text);
    for (size_t length = 0; length < 130; length++)
        sha1_digest(text, length, digests[length]);
    expect((const char *)digests, sizeof digests, "917E149B75E688B99B568BB19D9A8970DB0FFE1C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_every_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
