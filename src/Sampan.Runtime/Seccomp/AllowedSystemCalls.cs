namespace Sampan.Runtime.Seccomp;

/// <summary>
/// The system calls every container may make, by theme. The facts are those of docker's default profile as of Engine 28 (the allowed calls
/// and their conditions); what is not here is refused with EPERM, what is newer than all of it with ENOSYS.
/// </summary>
internal static class AllowedSystemCalls
{
    /// <summary>Names in file systems: looking, making, renaming, removing.</summary>
    private static readonly string[] Paths =
    [
        "access", "chdir", "chmod", "chown", "chown32", "creat", "faccessat", "faccessat2", "fchdir", "fchmodat", "fchmodat2",
        "fchownat", "fstatat64", "futimesat", "getcwd", "lchown", "lchown32", "link", "linkat", "lstat", "lstat64", "mkdir",
        "mkdirat", "mknod", "mknodat", "name_to_handle_at", "newfstatat", "open", "openat", "openat2", "readlink", "readlinkat",
        "rename", "renameat", "renameat2", "rmdir", "stat", "stat64", "statx", "symlink", "symlinkat", "truncate", "truncate64",
        "unlink", "unlinkat", "utime", "utimensat", "utimensat_time64", "utimes",
    ];

    /// <summary>Open files: owners, locks, sizes, durability.</summary>
    private static readonly string[] OpenFiles =
    [
        "close", "close_range", "copy_file_range", "dup", "dup2", "dup3", "fadvise64", "fadvise64_64", "fallocate", "fchmod",
        "fchown", "fchown32", "fcntl", "fcntl64", "fdatasync", "flock", "fstat", "fstat64", "fsync", "ftruncate", "ftruncate64",
        "getdents", "getdents64", "ioctl", "_llseek", "lseek", "pipe", "pipe2", "readahead", "sync", "sync_file_range", "syncfs",
        "umask", "cachestat",
    ];

    /// <summary>Reading and writing.</summary>
    private static readonly string[] Transfers =
    [
        "pread64", "preadv", "preadv2", "pwrite64", "pwritev", "pwritev2", "read", "readv", "sendfile", "sendfile64", "splice",
        "tee", "vmsplice", "write", "writev", "io_cancel", "io_destroy", "io_getevents", "io_pgetevents", "io_pgetevents_time64",
        "io_setup", "io_submit",
    ];

    /// <summary>Extended attributes and file systems as a whole.</summary>
    private static readonly string[] Attributes =
    [
        "fgetxattr", "flistxattr", "fremovexattr", "fsetxattr", "getxattr", "getxattrat", "lgetxattr", "listxattr", "listxattrat",
        "llistxattr", "lremovexattr", "lsetxattr", "removexattr", "removexattrat", "setxattr", "setxattrat", "fstatfs",
        "fstatfs64", "statfs", "statfs64", "statmount", "listmount",
    ];

    /// <summary>Waiting for descriptors and watching files.</summary>
    private static readonly string[] Events =
    [
        "epoll_create", "epoll_create1", "epoll_ctl", "epoll_ctl_old", "epoll_pwait", "epoll_pwait2", "epoll_wait",
        "epoll_wait_old", "eventfd", "eventfd2", "fanotify_mark", "inotify_add_watch", "inotify_init", "inotify_init1",
        "inotify_rm_watch", "_newselect", "poll", "ppoll", "ppoll_time64", "pselect6", "pselect6_time64", "select", "signalfd",
        "signalfd4",
    ];

    /// <summary>Address space.</summary>
    private static readonly string[] Memory =
    [
        "brk", "madvise", "map_shadow_stack", "membarrier", "memfd_create", "memfd_secret", "mincore", "mlock", "mlock2",
        "mlockall", "mmap", "mmap2", "mprotect", "mremap", "mseal", "msync", "munlock", "munlockall", "munmap", "pkey_alloc",
        "pkey_free", "pkey_mprotect", "remap_file_pages",
    ];

    /// <summary>Processes, threads and what they run. clone and clone3 have rules of their own.</summary>
    private static readonly string[] Processes =
    [
        "execve", "execveat", "exit", "exit_group", "fork", "getcpu", "getpgid", "getpgrp", "getpid", "getppid", "get_robust_list",
        "getsid", "get_thread_area", "gettid", "kill", "pause", "pidfd_open", "pidfd_send_signal", "prctl", "process_mrelease",
        "restart_syscall", "rseq", "set_robust_list", "setpgid", "setsid", "set_thread_area", "set_tid_address", "tgkill", "tkill",
        "uretprobe", "vfork", "wait4", "waitid", "waitpid", "riscv_hwprobe", "futex", "futex_requeue", "futex_time64",
        "futex_wait", "futex_waitv", "futex_wake",
    ];

    /// <summary>Signals.</summary>
    private static readonly string[] Signals =
    [
        "rt_sigaction", "rt_sigpending", "rt_sigprocmask", "rt_sigqueueinfo", "rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait",
        "rt_sigtimedwait_time64", "rt_tgsigqueueinfo", "sigaltstack", "sigprocmask", "sigreturn",
    ];

    /// <summary>Scheduling, priorities and limits.</summary>
    private static readonly string[] Scheduling =
    [
        "getpriority", "getrlimit", "getrusage", "ioprio_get", "ioprio_set", "prlimit64", "sched_getaffinity", "sched_getattr",
        "sched_getparam", "sched_get_priority_max", "sched_get_priority_min", "sched_getscheduler", "sched_rr_get_interval",
        "sched_rr_get_interval_time64", "sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler",
        "sched_yield", "setpriority", "setrlimit", "ugetrlimit",
    ];

    /// <summary>Who a process is and what it may; its own sandboxes.</summary>
    private static readonly string[] Identity =
    [
        "capget", "capset", "getegid", "getegid32", "geteuid", "geteuid32", "getgid", "getgid32", "getgroups", "getgroups32",
        "getresgid", "getresgid32", "getresuid", "getresuid32", "getuid", "getuid32", "landlock_add_rule",
        "landlock_create_ruleset", "landlock_restrict_self", "seccomp", "setfsgid", "setfsgid32", "setfsuid", "setfsuid32",
        "setgid", "setgid32", "setgroups", "setgroups32", "setregid", "setregid32", "setresgid", "setresgid32", "setresuid",
        "setresuid32", "setreuid", "setreuid32", "setuid", "setuid32",
    ];

    /// <summary>Sockets once they are made; making one has rules of its own.</summary>
    private static readonly string[] Sockets =
    [
        "accept", "accept4", "bind", "connect", "getpeername", "getsockname", "getsockopt", "listen", "recv", "recvfrom",
        "recvmmsg", "recvmmsg_time64", "recvmsg", "send", "sendmmsg", "sendmsg", "sendto", "setsockopt", "shutdown", "socketcall",
        "socketpair",
    ];

    /// <summary>System V and POSIX inter-process communication.</summary>
    private static readonly string[] InterProcess =
    [
        "ipc", "mq_getsetattr", "mq_notify", "mq_open", "mq_timedreceive", "mq_timedreceive_time64", "mq_timedsend",
        "mq_timedsend_time64", "mq_unlink", "msgctl", "msgget", "msgrcv", "msgsnd", "semctl", "semget", "semop", "semtimedop",
        "semtimedop_time64", "shmat", "shmctl", "shmdt", "shmget",
    ];

    /// <summary>Clocks and timers; setting a clock needs CAP_SYS_TIME as well.</summary>
    private static readonly string[] Time =
    [
        "adjtimex", "alarm", "clock_adjtime", "clock_adjtime64", "clock_getres", "clock_getres_time64", "clock_gettime",
        "clock_gettime64", "clock_nanosleep", "clock_nanosleep_time64", "getitimer", "gettimeofday", "nanosleep", "setitimer",
        "time", "timer_create", "timer_delete", "timer_getoverrun", "timer_gettime", "timer_gettime64", "timer_settime",
        "timer_settime64", "timerfd_create", "timerfd_gettime", "timerfd_gettime64", "timerfd_settime", "timerfd_settime64",
        "times",
    ];

    /// <summary>Facts about the system.</summary>
    private static readonly string[] System =
    [
        "getrandom", "sysinfo", "uname",
    ];

    /// <summary>All themes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Paths,
        .. OpenFiles,
        .. Transfers,
        .. Attributes,
        .. Events,
        .. Memory,
        .. Processes,
        .. Signals,
        .. Scheduling,
        .. Identity,
        .. Sockets,
        .. InterProcess,
        .. Time,
        .. System,
    ];
}
