namespace Sampan.Linux.Capabilities;

/// <summary>The capabilities by their kernel numbers (linux/capability.h, capabilities(7)).</summary>
public enum Capability
{
    /// <summary>CAP_CHOWN: change owners of files.</summary>
    Chown = 0,

    /// <summary>CAP_DAC_OVERRIDE: bypass permission bits.</summary>
    DacOverride = 1,

    /// <summary>CAP_DAC_READ_SEARCH: bypass read and search bits; open_by_handle_at(2).</summary>
    DacReadSearch = 2,

    /// <summary>CAP_FOWNER: act as owner of any file.</summary>
    Fowner = 3,

    /// <summary>CAP_FSETID: keep set-id bits when a file changes.</summary>
    Fsetid = 4,

    /// <summary>CAP_KILL: signal any process.</summary>
    Kill = 5,

    /// <summary>CAP_SETGID: change group ids.</summary>
    Setgid = 6,

    /// <summary>CAP_SETUID: change user ids.</summary>
    Setuid = 7,

    /// <summary>CAP_SETPCAP: drop from the bounding set, set securebits.</summary>
    Setpcap = 8,

    /// <summary>CAP_LINUX_IMMUTABLE: the append-only and immutable flags.</summary>
    LinuxImmutable = 9,

    /// <summary>CAP_NET_BIND_SERVICE: ports below 1024.</summary>
    NetBindService = 10,

    /// <summary>CAP_NET_BROADCAST: unused by the kernel.</summary>
    NetBroadcast = 11,

    /// <summary>CAP_NET_ADMIN: administer the network namespace.</summary>
    NetAdmin = 12,

    /// <summary>CAP_NET_RAW: raw and packet sockets.</summary>
    NetRaw = 13,

    /// <summary>CAP_IPC_LOCK: lock memory.</summary>
    IpcLock = 14,

    /// <summary>CAP_IPC_OWNER: bypass permissions of System V IPC.</summary>
    IpcOwner = 15,

    /// <summary>CAP_SYS_MODULE: load kernel modules.</summary>
    SysModule = 16,

    /// <summary>CAP_SYS_RAWIO: I/O ports, /dev/mem.</summary>
    SysRawio = 17,

    /// <summary>CAP_SYS_CHROOT: chroot(2), setns(2) of mount namespaces.</summary>
    SysChroot = 18,

    /// <summary>CAP_SYS_PTRACE: trace any process.</summary>
    SysPtrace = 19,

    /// <summary>CAP_SYS_PACCT: process accounting.</summary>
    SysPacct = 20,

    /// <summary>CAP_SYS_ADMIN: mounts, namespaces and much else.</summary>
    SysAdmin = 21,

    /// <summary>CAP_SYS_BOOT: reboot(2), kexec.</summary>
    SysBoot = 22,

    /// <summary>CAP_SYS_NICE: raise priorities.</summary>
    SysNice = 23,

    /// <summary>CAP_SYS_RESOURCE: exceed quotas, raise hard limits.</summary>
    SysResource = 24,

    /// <summary>CAP_SYS_TIME: set the clock.</summary>
    SysTime = 25,

    /// <summary>CAP_SYS_TTY_CONFIG: vhangup(2).</summary>
    SysTtyConfig = 26,

    /// <summary>CAP_MKNOD: make device nodes.</summary>
    Mknod = 27,

    /// <summary>CAP_LEASE: leases on any file.</summary>
    Lease = 28,

    /// <summary>CAP_AUDIT_WRITE: write to the audit log.</summary>
    AuditWrite = 29,

    /// <summary>CAP_AUDIT_CONTROL: configure auditing.</summary>
    AuditControl = 30,

    /// <summary>CAP_SETFCAP: set file capabilities.</summary>
    Setfcap = 31,

    /// <summary>CAP_MAC_OVERRIDE: bypass Smack.</summary>
    MacOverride = 32,

    /// <summary>CAP_MAC_ADMIN: configure Smack.</summary>
    MacAdmin = 33,

    /// <summary>CAP_SYSLOG: syslog(2), kernel addresses.</summary>
    Syslog = 34,

    /// <summary>CAP_WAKE_ALARM: wake the system by timer.</summary>
    WakeAlarm = 35,

    /// <summary>CAP_BLOCK_SUSPEND: block suspending.</summary>
    BlockSuspend = 36,

    /// <summary>CAP_AUDIT_READ: read the audit log.</summary>
    AuditRead = 37,

    /// <summary>CAP_PERFMON: performance monitoring (5.8).</summary>
    Perfmon = 38,

    /// <summary>CAP_BPF: privileged BPF (5.8).</summary>
    Bpf = 39,

    /// <summary>CAP_CHECKPOINT_RESTORE: checkpoint and restore (5.9).</summary>
    CheckpointRestore = 40,
}
