/* What a dissector that an attacker has taken over would do, for the test of the confinement. A
 * frame that holds the magic and the name of an attempt makes the dissector try it. Compiled with
 * NORN_TEST_HOOKS only, which release builds never have. */
#ifndef NORN_UTIL_TEST_HOOK_H
#define NORN_UTIL_TEST_HOOK_H

#include <stddef.h>

enum { TEST_HOOK_TEXT = 256 };

/* Looks for the magic in a frame and makes the attempt that it names. */
void test_hook_look(const void *frame, size_t length);

/* What came of the attempts so far: "connect EPERM, open done". */
void test_hook_describe(char ret_text[TEST_HOOK_TEXT]);

#endif
