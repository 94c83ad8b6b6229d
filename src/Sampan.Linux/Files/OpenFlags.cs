using System.Runtime.InteropServices;

namespace Sampan.Linux.Files;

/// <summary>Flags of open(2). O_CLOEXEC is always added by <see cref="FileDescriptor"/>.</summary>
[Flags]
public enum OpenFlags
{
    /// <summary>O_RDONLY.</summary>
    ReadOnly = 0,

    /// <summary>O_WRONLY.</summary>
    WriteOnly = 1,

    /// <summary>O_RDWR.</summary>
    ReadWrite = 2,

    /// <summary>O_CREAT.</summary>
    Create = 0x40,

    /// <summary>O_EXCL.</summary>
    Exclusive = 0x80,

    /// <summary>O_NOCTTY.</summary>
    NoControllingTerminal = 0x100,

    /// <summary>O_TRUNC.</summary>
    Truncate = 0x200,

    /// <summary>O_APPEND.</summary>
    Append = 0x400,

    /// <summary>O_NONBLOCK.</summary>
    NonBlocking = 0x800,

    /// <summary>O_DIRECTORY; its bit differs on AArch64 (asm/fcntl.h).</summary>
    Directory = 0x1_0000,

    /// <summary>O_NOFOLLOW; its bit differs on AArch64 (asm/fcntl.h).</summary>
    NoFollow = 0x2_0000,

    /// <summary>O_CLOEXEC.</summary>
    CloseOnExec = 0x8_0000,

    /// <summary>O_PATH.</summary>
    Path = 0x20_0000,

    /// <summary>O_TMPFILE without its O_DIRECTORY bit.</summary>
    TemporaryFile = 0x40_0000,
}

/// <summary>Turns <see cref="OpenFlags"/> into the bits of the running architecture.</summary>
public static class OpenFlagBits
{
    /// <summary>The kernel's bits.</summary>
    /// <param name="flags">Portable flags (x86 values).</param>
    /// <returns>The same flags with O_DIRECTORY and O_NOFOLLOW where AArch64 keeps them (0x4000 and 0x8000).</returns>
    public static int ToKernel(this OpenFlags flags)
    {
        var bits = (int)flags;
        if (RuntimeInformation.ProcessArchitecture == Architecture.Arm64)
        {
            var moved = (int)(flags & (OpenFlags.Directory | OpenFlags.NoFollow));
            bits = (bits & ~moved) | (moved >> 2);
        }

        return bits;
    }
}
