namespace Sampan.Linux.Seccomp;

/// <summary>What a filter answers, as the kernel's return values (seccomp(2), "Filter mode").</summary>
public static class SeccompAction
{
    /// <summary>SECCOMP_RET_KILL_PROCESS.</summary>
    public const uint KillProcess = 0x8000_0000;

    /// <summary>SECCOMP_RET_KILL_THREAD.</summary>
    public const uint KillThread = 0;

    /// <summary>SECCOMP_RET_TRAP: SIGSYS.</summary>
    public const uint Trap = 0x0003_0000;

    /// <summary>SECCOMP_RET_USER_NOTIF.</summary>
    public const uint Notify = 0x7FC0_0000;

    /// <summary>SECCOMP_RET_LOG: allow and log.</summary>
    public const uint Log = 0x7FFC_0000;

    /// <summary>SECCOMP_RET_ALLOW.</summary>
    public const uint Allow = 0x7FFF_0000;

    /// <summary>SECCOMP_RET_ERRNO: the call fails.</summary>
    /// <param name="errno">With this error.</param>
    /// <returns>The value.</returns>
    public static uint Error(Errno errno) => 0x0005_0000 | ((uint)errno & 0xFFFF);

    /// <summary>SECCOMP_RET_TRACE: a tracer decides.</summary>
    /// <param name="data">Data for the tracer, 16 bits.</param>
    /// <returns>The value.</returns>
    public static uint Trace(uint data) => 0x7FF0_0000 | (data & 0xFFFF);
}
