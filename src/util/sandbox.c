/* Confines a process. See sandbox.h. The filter is a straight list of comparisons; for calls that
 * are allowed whatever their arguments the kernel (5.11 on) keeps the answer and does not run it.
 * Landlock's structures are written out here: the kernel's may be newer than its headers. */
#include "util/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/sandbox_calls.h"
#include "util/sanitized.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define ARCHITECTURE AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__arm__)
#define ARCHITECTURE AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#else
#error "sandbox: give this architecture its line, and see clone's arguments in sandbox_calls.c"
#endif

enum {
    STEPS_MAX = 1024,
    STEPS_OF_ROW = 6,                                          /* of the longest row */
    LOW_HALF = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0, /* of an argument's 64 bits */
};

/* landlock(7). Rights on files and directories are bits; each version of the interface has more. */
struct landlock_rules {
    uint64_t files, ports, scopes; /* what is refused unless a rule allows it */
};
struct landlock_path {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

enum {
    LANDLOCK_VERSION = 1,   /* a flag: tell the version */
    LANDLOCK_PATH = 1,      /* a kind of rule */
    LANDLOCK_READ_FILE = 4, /* rights */
    LANDLOCK_READ_DIRECTORY = 8,
};

struct filter {
    size_t length;
    struct sock_filter steps[STEPS_MAX];
};

static bool switched_off;

static void add(struct filter *filter, uint16_t code, uint32_t value, uint8_t yes, uint8_t no)
{
    filter->steps[filter->length++] = (struct sock_filter){code, yes, no, value};
}

static void add_load(struct filter *filter, size_t offset)
{
    add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void add_return(struct filter *filter, enum sandbox_verdict verdict)
{
    static const uint32_t values[] = {
        [SANDBOX_ALLOW] = SECCOMP_RET_ALLOW,
        [SANDBOX_REFUSE] = SECCOMP_RET_ERRNO | EPERM,
        [SANDBOX_UNKNOWN] = SECCOMP_RET_ERRNO | ENOSYS,
        [SANDBOX_KILL] = SECCOMP_RET_KILL_PROCESS,
    };
    add(filter, BPF_RET | BPF_K, values[verdict], 0, 0);
}

/* One row; what it does not decide goes on behind it, with the call's number loaded. */
static void add_row(struct filter *filter, const struct sandbox_call *call)
{
    uint32_t value = call->own_process ? (uint32_t)getpid() : call->value;
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, call->number, 0, call->mask ? STEPS_OF_ROW - 1 : 1);
    if (call->mask) {
        add_load(filter, offsetof(struct seccomp_data, args[call->argument]) + LOW_HALF);
        add(filter, BPF_ALU | BPF_AND | BPF_K, call->mask, 0, 0);
        add(filter, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    }
    add_return(filter, call->verdict);
    if (call->mask)
        add_load(filter, offsetof(struct seccomp_data, nr));
}

static int make_filter(const struct sandbox_rules *rules, struct filter *filter)
{
    filter->length = 0;
    add_load(filter, offsetof(struct seccomp_data, arch));
    add(filter, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    add_return(filter, SANDBOX_KILL); /* the numbers of another architecture mean other calls */
    add_load(filter, offsetof(struct seccomp_data, nr));
    for (size_t list = 0; list < SANDBOX_LISTS_MAX && rules->lists[list].calls; list++)
        for (size_t row = 0; row < rules->lists[list].count; row++) {
            if (filter->length + STEPS_OF_ROW + 1 > STEPS_MAX)
                return -E2BIG;
            add_row(filter, &rules->lists[list].calls[row]);
        }
    add_return(filter, rules->otherwise);
    return 0;
}

/* What the kernel's answer makes of a part. */
static enum sandbox_part part_of(int error)
{
    if (!error)
        return SANDBOX_ON;
    bool absent = error == -ENOSYS || error == -EOPNOTSUPP || error == -EINVAL;
    return absent ? SANDBOX_ABSENT : SANDBOX_REFUSED;
}

/* All threads at once: sanitizers have started theirs before main(). */
static int filter_calls(const struct sandbox_rules *rules)
{
    struct filter filter;
    int result = make_filter(rules, &filter);
    struct sock_fprog program = {(unsigned short)filter.length, filter.steps};
    if (result)
        return result;
    long other = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    return other < 0 ? -errno : other > 0 ? -EBUSY : 0;
}

/* For sanitizers, which read the program, its libraries and what /proc says of it. */
static int allow_reading(int rules)
{
    const struct landlock_path rule = {
        .allowed = LANDLOCK_READ_FILE | LANDLOCK_READ_DIRECTORY,
        .parent = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
    };
    long result = syscall(SYS_landlock_add_rule, rules, LANDLOCK_PATH, &rule, 0);
    int error = result < 0 ? -errno : 0;
    close(rule.parent);
    return error;
}

/* Every right that this version knows; TCP ports came with the fourth, abstract sockets and
 * signals to processes outside with the sixth. */
static struct landlock_rules rules_of(long version, size_t *ret_size)
{
    static const uint8_t file_bits[] = {0, 13, 14, 15, 15, 16};
    enum { NEWEST = sizeof file_bits - 1 };
    unsigned bits = file_bits[version > NEWEST ? NEWEST : version];
    *ret_size = sizeof(uint64_t) * (version >= 6 ? 3 : version >= 4 ? 2 : 1);
    return (struct landlock_rules){
        .files = (1u << bits) - 1,
        .ports = version >= 4 ? 3 : 0,
        .scopes = version >= 6 ? 3 : 0,
    };
}

static int restrict_paths(int *ret_version)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION);
    if (version < 1)
        return version < 0 ? -errno : -ENOSYS;
    size_t size;
    const struct landlock_rules refused = rules_of(version, &size);
    int rules = (int)syscall(SYS_landlock_create_ruleset, &refused, size, 0);
    if (rules < 0)
        return -errno;
    int error = NORN_SANITIZED ? allow_reading(rules) : 0;
    if (!error && syscall(SYS_landlock_restrict_self, rules, 0) < 0)
        error = -errno;
    close(rules);
    if (!error)
        *ret_version = (int)version;
    return error;
}

void sandbox_switch_off(void)
{
    switched_off = true;
}

bool sandbox_is_off(void)
{
    return switched_off;
}

int sandbox_enter(enum sandbox_profile profile, struct sandbox_state *ret_state)
{
    const struct sandbox_rules *rules = &sandbox_calls[profile];
    int paths = 0, calls;
    *ret_state = (struct sandbox_state){0};
    if (switched_off)
        return 0;
    if (rules->landlock) { /* first: the filter refuses Landlock's own calls */
        paths = restrict_paths(&ret_state->landlock_version);
        ret_state->landlock = part_of(paths);
    }
    calls = filter_calls(rules);
    ret_state->seccomp = part_of(calls);
    if (ret_state->landlock == SANDBOX_REFUSED)
        return paths;
    if (ret_state->seccomp == SANDBOX_REFUSED)
        return calls;
    return paths || calls ? -ENOSYS : 0;
}

const char *sandbox_word(enum sandbox_part part)
{
    static const char *const words[] = {
        [SANDBOX_OFF] = "off",
        [SANDBOX_ABSENT] = "absent",
        [SANDBOX_REFUSED] = "refused",
        [SANDBOX_ON] = NORN_SANITIZED ? "loose" : "on",
    };
    return words[part];
}

void sandbox_describe(const struct sandbox_state *state, struct buffer *buffer)
{
    buffer_printf(buffer, "system calls are filtered: %s (seccomp); paths and ports are closed: %s",
                  sandbox_word(state->seccomp), sandbox_word(state->landlock));
    if (state->landlock_version)
        buffer_printf(buffer, " (Landlock %d)", state->landlock_version);
    else
        buffer_add_text(buffer, " (Landlock)");
}

// clang-format off
const struct option sandbox_options[] = {
    {"sandbox", OPTION_CHOICE, "auto", "auto|off|require", 0, 0,
     "Whether the server, and a capture tool whose source is open, give up the system calls, paths "
     "and ports that they never need: as far as the kernel has seccomp and Landlock, not at all, or "
     "else not starting."},
};
// clang-format on
const size_t sandbox_options_count = sizeof sandbox_options / sizeof *sandbox_options;
