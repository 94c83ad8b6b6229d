using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Sampan.Linux.Interop;
using Sampan.Linux.Signals;

namespace Sampan.RuntimeCli.Startup;

/// <summary>
/// Runs before .NET does. It starts this program again from a read-only mount, so that no container can write it through /proc/PID/exe
/// (CVE-2019-5736; <see cref="Sampan.Runtime.Launching.ReadOnlySelf"/>): a second start costs what the first has cost by then, which is
/// 0.2 ms here and 1.3 ms in Main. And it blocks the signals that are passed on to containers, so that the runtime's own thread, which is
/// made next, never takes one. The one happens before the C library starts, the other as its own _init (--wrap in the project file). There is
/// no runtime yet: as in a cloned child, no allocation, no static that needs a constructor, no exception. Whatever fails is left to Main,
/// which tries again and says why.
/// </summary>
internal static unsafe class EarlyStart
{
    /// <summary>Hang-up, interrupt, quit, the two user signals, alarm, terminate, SIGCHLD for what is reaped as a subreaper, window change.</summary>
    public const ulong Forwarded = 1 | 1 << 1 | 1 << 2 | 1 << 9 | 1 << 11 | 1 << 13 | 1 << 14 | 1 << 16 | 1 << 27;

    private const int BlockAction = 0;
    private const int AtFdCwd = -100;
    private const int AtEmptyPath = 0x1000;
    private const int OpenCloseOnExec = 0x8_0000;
    private const int OpenTreeClone = 1;
    private const ulong AttributeReadOnly = 1;
    private const long StatfsReadOnly = 1;
    private const int ProtectionReadWrite = 3;
    private const int MapPrivateAnonymous = 0x22;

    // Both together are at most a quarter of the stack's limit of 8 MiB, or else 6 MiB (execve(2)); pages that stay empty are never there.
    private const nint Room = 16 << 20;
    private const nint TextRoom = 7 << 20;

    // struct pthread begins where the register points; what a library has for each thread lies below it (ELF Handling For Thread-Local Storage, "x86-64").
    private const int ThreadLocals = 8192;
    private const int ArchPrctl = 158;
    private const int ArchSetFs = 0x1002;

    private static ulong s_given;
    private static bool s_blocked;

    /// <summary>The signals that every thread but the main one blocks from its beginning; empty where this did not run.</summary>
    public static SignalSet Blocked => s_blocked ? new(Forwarded) : default;

    private static nint RtSigprocmask => X86Base.IsSupported ? 14 : 135;

    private static nint Statfs => X86Base.IsSupported ? 137 : 43;

    private static nint OpenAt => X86Base.IsSupported ? 257 : 56;

    private static nint Read => X86Base.IsSupported ? 0 : 63;

    private static nint Close => X86Base.IsSupported ? 3 : 57;

    private static nint MemoryMap => X86Base.IsSupported ? 9 : 222;

    private static nint ExecveAt => X86Base.IsSupported ? 322 : 281;

    // Of these one number is every architecture's.
    private static nint OpenTree => 428;

    private static nint MountSetattr => 442;

    /// <summary>Gives the main thread the mask back that this process was started with; the others keep theirs.</summary>
    public static void RestoreMask()
    {
        if (s_blocked)
        {
            SignalMask.Set(new(s_given));
        }
    }

    /// <summary>
    /// The C library's own start, which crt1.o calls as the first thing in the process. Its first act is to ask the processor what it can do,
    /// forty times (cpuid), and in a virtual machine each answer is the hypervisor's: 0.4 ms that the start to come need not wait for.
    /// </summary>
    /// <param name="main">The program's main.</param>
    /// <param name="count">Number of words on the command line.</param>
    /// <param name="words">The words, a null, the environment, a null.</param>
    /// <param name="init">Passed on.</param>
    /// <param name="fini">Passed on as well.</param>
    /// <param name="rtldFini">As well.</param>
    /// <param name="stackEnd">As well.</param>
    /// <returns>Never.</returns>
    [RuntimeExport("__wrap___libc_start_main")]
    [SkipLocalsInit]
    public static int Start(nint main, int count, byte** words, nint init, nint fini, nint rtldFini, nint stackEnd)
    {
        if (X86Base.IsSupported && EntersContainers(words))
        {
            // There are no thread locals yet, and the one that a call which fails would write is errno.
            var locals = stackalloc byte[ThreadLocals];
            if (Libc.Syscall(ArchPrctl, ArchSetFs, (nint)(locals + ThreadLocals - 64), 0, 0, 0, 0) == 0)
            {
                EnterReadOnlyMount(words, words + count + 1);
            }
        }

        return RealStart(main, count, words, init, fini, rtldFini, stackEnd);
    }

    /// <summary>What the C library calls when it is ready itself.</summary>
    [RuntimeExport("__wrap__init")]
    public static void Initialize()
    {
        if (!X86Base.IsSupported)
        {
            EnterReadOnlyMount();
        }

        // Not before: a mask goes on through execve.
        var signals = Forwarded;
        ulong given = 0;
        s_blocked = Libc.Syscall(RtSigprocmask, BlockAction, (nint)(&signals), (nint)(&given), sizeof(ulong), 0, 0) == 0;
        s_given = given;
    }

    [DllImport("libc", EntryPoint = "__real___libc_start_main")]
    [SuppressGCTransition]
    private static extern int RealStart(nint main, int count, byte** words, nint init, nint fini, nint rtldFini, nint stackEnd);

    // Where a process has thread locals from its first instruction on, which it cannot set by a system call: the words are the kernel's copy.
    private static void EnterReadOnlyMount()
    {
        fixed (byte* commandLine = "/proc/self/cmdline\0"u8, environment = "/proc/self/environ\0"u8)
        {
            var room = Libc.Syscall(MemoryMap, 0, Room, ProtectionReadWrite, MapPrivateAnonymous, -1, 0);
            if (room == -1)
            {
                return;
            }

            var words = (byte*)room;
            var variables = words + TextRoom;
            var argv = (byte**)(variables + TextRoom);
            var wordsLength = ReadAll(commandLine, words);
            var variablesLength = ReadAll(environment, variables);
            var envp = argv + Split(words, wordsLength, argv) + 1;
            if (wordsLength <= 0 || variablesLength < 0 || !EntersContainers(argv))
            {
                return;
            }

            Split(variables, variablesLength, envp);
            EnterReadOnlyMount(argv, envp);
        }
    }

    [SkipLocalsInit]
    private static void EnterReadOnlyMount(byte** argv, byte** envp)
    {
        fixed (byte* image = "/proc/self/exe\0"u8)
        {
            // struct statfs: f_flags is the eleventh long (statfs(2)).
            var status = stackalloc long[32];
            if (Libc.Syscall(Statfs, (nint)image, (nint)status, 0, 0, 0, 0) == 0 && (status[10] & StatfsReadOnly) == 0)
            {
                Execute(image, argv, envp);
            }
        }
    }

    [SkipLocalsInit]
    private static void Execute(byte* image, byte** argv, byte** envp)
    {
        byte nothing = 0;
        var view = Libc.Syscall(OpenTree, AtFdCwd, (nint)image, OpenTreeClone | OpenCloseOnExec, 0, 0, 0);
        if (view < 0)
        {
            return;
        }

        // struct mount_attr: attr_set, attr_clr, propagation, userns_fd (mount_setattr(2)).
        var attributes = stackalloc ulong[4];
        attributes[0] = AttributeReadOnly;
        attributes[1] = attributes[2] = attributes[3] = 0;
        if (Libc.Syscall(MountSetattr, view, (nint)(&nothing), AtEmptyPath, (nint)attributes, 32, 0) == 0)
        {
            Libc.Syscall(ExecveAt, view, (nint)(&nothing), (nint)argv, (nint)envp, AtEmptyPath, 0);
        }

        Libc.Syscall(Close, view, 0, 0, 0, 0, 0);
    }

    // The commands whose child enters a container. Another word of the command line may be called so: that costs a start and no more.
    private static bool EntersContainers(byte** argv)
    {
        fixed (byte* names = "create\0run\0exec\0restore\0\0"u8)
        {
            for (var argument = argv; *argument != null; argument++)
            {
                for (var name = names; *name != 0; name = End(name) + 1)
                {
                    if (AreEqual(*argument, name))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private static bool AreEqual(byte* left, byte* right)
    {
        while (*left == *right && *left != 0)
        {
            left++;
            right++;
        }

        return *left == *right;
    }

    private static byte* End(byte* text)
    {
        while (*text != 0)
        {
            text++;
        }

        return text;
    }

    // The number of bytes, or less than 0: the file cannot be read, or is longer than any can be.
    private static nint ReadAll(byte* path, byte* target)
    {
        var file = Libc.Syscall(OpenAt, AtFdCwd, (nint)path, OpenCloseOnExec, 0, 0, 0);
        if (file < 0)
        {
            return -1;
        }

        nint length = 0, count;
        do
        {
            count = Libc.Syscall(Read, file, (nint)(target + length), TextRoom - length, 0, 0, 0);
            length += count;
        }
        while (count > 0 && length < TextRoom);
        Libc.Syscall(Close, file, 0, 0, 0, 0, 0);
        return count == 0 && length < TextRoom ? length : -1;
    }

    // Texts that end with NUL each become pointers and a null behind them.
    private static nint Split(byte* text, nint length, byte** pointers)
    {
        nint number = 0;
        for (nint start = 0; start < length; number++)
        {
            pointers[number] = text + start;
            while (text[start] != 0)
            {
                start++;
            }

            start++;
        }

        pointers[number] = null;
        return number;
    }
}
