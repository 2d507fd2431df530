/* Which system calls a process of norn's may make, and what meets the others. See sandbox_calls.h.
 * What every process needs stands in `common`; what is on a list works on memory, descriptors and
 * time that the process has already. Names that only some architectures have stand in blocks. */
#include "util/sandbox_calls.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "util/sanitized.h"

// clang-format off
#define ALLOW(call)   {.number = (call), .verdict = SANDBOX_ALLOW}
#define REFUSE(call)  {.number = (call), .verdict = SANDBOX_REFUSE}
#define UNKNOWN(call) {.number = (call), .verdict = SANDBOX_UNKNOWN}
#define KILL(call)    {.number = (call), .verdict = SANDBOX_KILL}
/* Allowed when the bits of `mask` in an argument (counted from 0) are those of `value`. */
#define ALLOW_IF(call, at, bits, wanted) \
    {.number = (call), .argument = (at), .mask = (bits), .value = (wanted)}
#define ALLOW_OWN(call, at) \
    {.number = (call), .argument = (at), .mask = UINT32_MAX, .own_process = true}
#define LIST(calls)   {(calls), sizeof(calls) / sizeof *(calls)}

#define ANY_BIT UINT32_MAX
#define WRITING (O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND)

/* Memory, descriptors, signals and time of the process itself. */
static const struct sandbox_call common[] = {
    /* Memory that is written is never run: no PROT_EXEC, neither at first nor later. */
    ALLOW_IF(SYS_mprotect, 2, PROT_EXEC, 0), ALLOW(SYS_munmap), ALLOW(SYS_mremap),
    ALLOW(SYS_madvise), ALLOW(SYS_brk), ALLOW(SYS_membarrier),
    ALLOW(SYS_read), ALLOW(SYS_readv), ALLOW(SYS_pread64), ALLOW(SYS_write), ALLOW(SYS_writev),
    ALLOW(SYS_pwrite64), ALLOW(SYS_lseek), ALLOW(SYS_close), ALLOW(SYS_fstat), ALLOW(SYS_fcntl),
    ALLOW(SYS_fsync), ALLOW(SYS_fdatasync), ALLOW(SYS_ftruncate),
    ALLOW(SYS_ppoll), ALLOW(SYS_pselect6),
    ALLOW(SYS_recvfrom), ALLOW(SYS_recvmsg), ALLOW(SYS_sendto), ALLOW(SYS_sendmsg),
    ALLOW(SYS_getsockopt), ALLOW(SYS_shutdown),
    ALLOW(SYS_rt_sigaction), ALLOW(SYS_rt_sigprocmask), ALLOW(SYS_rt_sigreturn),
    ALLOW(SYS_rt_sigtimedwait), ALLOW(SYS_sigaltstack), ALLOW(SYS_restart_syscall),
    ALLOW_OWN(SYS_tgkill, 0), /* abort() */
    ALLOW(SYS_futex), ALLOW(SYS_exit), ALLOW(SYS_exit_group),
    ALLOW(SYS_getpid), ALLOW(SYS_getppid), ALLOW(SYS_gettid), ALLOW(SYS_getuid),
    ALLOW(SYS_geteuid), ALLOW(SYS_getgid), ALLOW(SYS_getegid), ALLOW(SYS_uname),
    ALLOW(SYS_sysinfo), ALLOW(SYS_getrusage), ALLOW(SYS_getrandom),
    ALLOW(SYS_clock_gettime), ALLOW(SYS_clock_getres), ALLOW(SYS_clock_nanosleep),
    ALLOW(SYS_nanosleep), ALLOW(SYS_gettimeofday),
#ifdef SYS_poll /* the calls of the older architectures */
    ALLOW(SYS_poll),
#endif
#ifdef SYS_mmap
    ALLOW_IF(SYS_mmap, 2, PROT_EXEC, 0),
#endif
#ifdef SYS_newfstatat /* the C library's fstat(); a plain stat() of a path is refused */
    ALLOW_IF(SYS_newfstatat, 3, AT_EMPTY_PATH, AT_EMPTY_PATH),
#endif
#ifdef SYS_time
    ALLOW(SYS_time),
#endif
#ifdef SYS_mmap2 /* 32 bits: wider sizes, offsets and times under other names */
    ALLOW_IF(SYS_mmap2, 2, PROT_EXEC, 0), ALLOW(SYS__llseek), ALLOW(SYS_fstat64),
    ALLOW_IF(SYS_fstatat64, 3, AT_EMPTY_PATH, AT_EMPTY_PATH), ALLOW(SYS_fcntl64),
    ALLOW_IF(SYS_statx, 2, AT_EMPTY_PATH, AT_EMPTY_PATH), ALLOW(SYS_ftruncate64),
    ALLOW(SYS_getuid32), ALLOW(SYS_geteuid32), ALLOW(SYS_getgid32), ALLOW(SYS_getegid32),
    ALLOW(SYS_sigreturn), ALLOW(SYS_ppoll_time64), ALLOW(SYS_pselect6_time64),
    ALLOW(SYS_rt_sigtimedwait_time64), ALLOW(SYS_futex_time64), ALLOW(SYS_clock_gettime64),
    ALLOW(SYS_clock_getres_time64), ALLOW(SYS_clock_nanosleep_time64),
#endif
#ifdef SYS_recv
    ALLOW(SYS_recv),
#endif
#ifdef SYS_send
    ALLOW(SYS_send),
#endif
};

/* Threads, connections that come in, files in memory for the launcher. */
static const struct sandbox_call server[] = {
    ALLOW_IF(SYS_clone, 0, CLONE_THREAD, CLONE_THREAD),
    /* Its flags lie in memory, where a filter cannot see them; the C library then takes clone(). */
    UNKNOWN(SYS_clone3),
    ALLOW(SYS_set_robust_list), ALLOW(SYS_set_tid_address), ALLOW(SYS_sched_yield),
    ALLOW(SYS_sched_getaffinity),
    ALLOW_IF(SYS_prctl, 0, ANY_BIT, PR_SET_NAME),
    ALLOW_IF(SYS_prlimit64, 0, ANY_BIT, 0), /* of this process: a limit once lowered stays low */
    ALLOW_IF(SYS_socketpair, 0, ANY_BIT, AF_UNIX),
    ALLOW(SYS_accept4), ALLOW(SYS_setsockopt), ALLOW(SYS_getsockname), ALLOW(SYS_getpeername),
    ALLOW(SYS_epoll_create1), ALLOW(SYS_epoll_ctl), ALLOW(SYS_epoll_pwait), ALLOW(SYS_eventfd2),
    ALLOW(SYS_pipe2), ALLOW(SYS_dup), ALLOW(SYS_dup3), ALLOW(SYS_sendfile), ALLOW(SYS_preadv),
    ALLOW(SYS_pwritev), ALLOW(SYS_memfd_create),
    ALLOW(SYS_wait4), ALLOW(SYS_waitid), /* for the launcher */
#ifdef SYS_rseq
    ALLOW(SYS_rseq),
#endif
#ifdef SYS_epoll_wait
    ALLOW(SYS_epoll_wait),
#endif
#ifdef SYS_fadvise64
    ALLOW(SYS_fadvise64),
#endif
#ifdef SYS_arm_fadvise64_64
    ALLOW(SYS_arm_fadvise64_64),
#endif
#ifdef SYS_sendfile64
    ALLOW(SYS_sendfile64),
#endif
#ifdef SYS_ugetrlimit
    ALLOW(SYS_ugetrlimit),
#endif
};

/* What libpcap asks of an interface that it holds: whether it is still there. And what a tool asks
 * of itself, to say which right it lacks. */
static const struct sandbox_call capture[] = {
    ALLOW_IF(SYS_ioctl, 1, ANY_BIT, SIOCGIFINDEX), ALLOW_IF(SYS_ioctl, 1, ANY_BIT, SIOCGIFNAME),
    ALLOW_IF(SYS_ioctl, 1, ANY_BIT, SIOCGIFFLAGS), ALLOW_IF(SYS_ioctl, 1, ANY_BIT, SIOCGIFHWADDR),
    ALLOW(SYS_setsockopt), ALLOW(SYS_getsockname), ALLOW(SYS_capget),
    ALLOW_IF(SYS_prctl, 0, ANY_BIT, PR_CAPBSET_READ),
    ALLOW_IF(SYS_prctl, 0, ANY_BIT, PR_GET_NO_NEW_PRIVS),
};

/* Starting programs and processes, reaching into other processes, and the doors into the kernel
 * that broken programs were most often led through. */
static const struct sandbox_call never[] = {
    KILL(SYS_execve), KILL(SYS_execveat), KILL(SYS_clone), KILL(SYS_ptrace),
    KILL(SYS_process_vm_readv), KILL(SYS_process_vm_writev), KILL(SYS_bpf), KILL(SYS_userfaultfd), KILL(SYS_perf_event_open),
    KILL(SYS_io_uring_setup), KILL(SYS_keyctl), KILL(SYS_add_key), KILL(SYS_request_key),
    KILL(SYS_mount), KILL(SYS_umount2), KILL(SYS_pivot_root), KILL(SYS_setns), KILL(SYS_unshare),
    KILL(SYS_init_module), KILL(SYS_finit_module), KILL(SYS_delete_module), KILL(SYS_kexec_load),
    KILL(SYS_reboot), KILL(SYS_personality),
#ifdef SYS_fork
    KILL(SYS_fork), KILL(SYS_vfork),
#endif
};

/* The launcher and the tools it starts: everything but the above, which a tool may try in vain. */
static const struct sandbox_call launcher[] = {
    REFUSE(SYS_ptrace), REFUSE(SYS_process_vm_readv), REFUSE(SYS_process_vm_writev),
    REFUSE(SYS_bpf), REFUSE(SYS_userfaultfd), REFUSE(SYS_perf_event_open),
    REFUSE(SYS_io_uring_setup), REFUSE(SYS_keyctl), REFUSE(SYS_add_key), REFUSE(SYS_request_key),
    REFUSE(SYS_mount), REFUSE(SYS_umount2), REFUSE(SYS_pivot_root), REFUSE(SYS_setns),
    REFUSE(SYS_unshare), REFUSE(SYS_init_module), REFUSE(SYS_finit_module),
    REFUSE(SYS_delete_module), REFUSE(SYS_kexec_load), REFUSE(SYS_reboot),
    REFUSE(SYS_swapon), REFUSE(SYS_swapoff), REFUSE(SYS_settimeofday), REFUSE(SYS_clock_settime),
    REFUSE(SYS_adjtimex), REFUSE(SYS_open_by_handle_at), REFUSE(SYS_quotactl), REFUSE(SYS_acct),
};

#if NORN_SANITIZED
/* The compiler's sanitizers: symbols, maps of memory, and a leak checker that stops the threads
 * from a process of its own. Such a build is for tests; what it refuses is not what is shipped. */
static const struct sandbox_call sanitizer[] = {
    ALLOW_IF(SYS_openat, 2, WRITING, O_RDONLY), ALLOW(SYS_readlinkat), ALLOW(SYS_getdents64),
    ALLOW(SYS_clone), ALLOW(SYS_ptrace), ALLOW(SYS_process_vm_readv), ALLOW(SYS_wait4),
    ALLOW(SYS_prctl), ALLOW(SYS_prlimit64), ALLOW(SYS_sched_yield), ALLOW(SYS_sched_getaffinity),
    ALLOW(SYS_personality), ALLOW(SYS_tgkill),
#ifdef SYS_open
    ALLOW_IF(SYS_open, 1, WRITING, O_RDONLY), ALLOW(SYS_readlink), ALLOW(SYS_stat),
    ALLOW(SYS_getdents),
#endif
#ifdef SYS_newfstatat
    ALLOW(SYS_newfstatat),
#endif
};
#define SANITIZER_LIST LIST(sanitizer),
#else
#define SANITIZER_LIST
#endif

const struct sandbox_rules sandbox_calls[] = {
    [SANDBOX_SERVER] = {SANDBOX_REFUSE, true, {SANITIZER_LIST LIST(common), LIST(server), LIST(never)}},
    [SANDBOX_CAPTURE] = {SANDBOX_REFUSE, true, {SANITIZER_LIST LIST(common), LIST(capture), LIST(never)}},
    [SANDBOX_LAUNCHER] = {SANDBOX_ALLOW, false, {SANITIZER_LIST LIST(launcher)}},
};
// clang-format on
