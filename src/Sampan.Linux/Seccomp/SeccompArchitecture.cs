using System.Runtime.InteropServices;

namespace Sampan.Linux.Seccomp;

/// <summary>Architectures of system calls by their audit numbers (linux/audit.h), as the filter sees them in seccomp_data.arch.</summary>
public static class SeccompArchitecture
{
    /// <summary>x86-64.</summary>
    public const uint X86_64 = 0xC000_003E;

    /// <summary>32-bit x86.</summary>
    public const uint X86 = 0x4000_0003;

    /// <summary>libseccomp's own number for x32, which shares the x86-64 audit number and marks its calls with bit 30.</summary>
    public const uint X32 = 0x4000_003E;

    /// <summary>64-bit ARM.</summary>
    public const uint Aarch64 = 0xC000_00B7;

    /// <summary>32-bit ARM.</summary>
    public const uint Arm = 0x4000_0028;

    /// <summary>The machine's own and those whose programs it also runs, as docker's archMap pairs them.</summary>
    public static IReadOnlyList<uint> NativeFamily =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? [Aarch64, Arm] : [X86_64, X86, X32];
}
