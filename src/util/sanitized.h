/* Whether this build carries a sanitizer of the compiler's. Those look into their own process:
 * they read /proc and the debug data, and stop the threads from a process of their own. */
#ifndef NORN_UTIL_SANITIZED_H
#define NORN_UTIL_SANITIZED_H

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NORN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define NORN_SANITIZED 1
#endif
#endif
#ifndef NORN_SANITIZED
#define NORN_SANITIZED 0
#endif

#endif
