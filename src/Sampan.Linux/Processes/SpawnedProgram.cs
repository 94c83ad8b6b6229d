using System.Runtime.InteropServices;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Processes;

/// <summary>
/// A program of the host, started by posix_spawn(3): between clone and exec there runs nothing but the C library, so a process with many threads may
/// do it (ARCHITECTURE.md, "clone rules").
/// </summary>
public static unsafe partial class SpawnedProgram
{
    // posix_spawnattr_setflags(3): what this process ignores or blocks is not the program's concern.
    private const short SetSignalDefaults = 4;
    private const short SetSignalMask = 8;
    private const short SetNewSession = 0x80;

    /// <summary>Starts a program.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="words">Its arguments, its name first.</param>
    /// <param name="environment">Its environment, NAME=VALUE.</param>
    /// <param name="streams">Descriptors of this process that become its descriptors 0, 1 and so on; others it inherits unless they are O_CLOEXEC.</param>
    /// <param name="leadsSession">It leads a new session (setsid(2)).</param>
    /// <returns>Its id and a pidfd: a child of this process, which reaps it.</returns>
    /// <exception cref="LinuxException">posix_spawn(3) failed: ENOENT, EACCES and others of execve(2).</exception>
    public static (int Pid, FileDescriptor Process) Start(
        string path,
        IReadOnlyList<string> words,
        IReadOnlyList<string> environment,
        ReadOnlySpan<int> streams,
        bool leadsSession = false)
    {
        // Larger than the C libraries' opaque structures (glibc: 80 and 336 bytes).
        var actions = stackalloc byte[512];
        var attributes = stackalloc byte[512];
        var signals = stackalloc byte[128];
        new Span<byte>(signals, 128).Clear();
        using var file = new NativeStrings([path]);
        using var arguments = new NativeStrings(words);
        using var variables = new NativeStrings(environment);
        Check(ActionsInit(actions), path);
        Check(AttributesInit(attributes), path);
        try
        {
            for (var number = 0; number < streams.Length; number++)
            {
                Check(ActionsDuplicate(actions, streams[number], number), path);
            }

            Check(AttributesSetMask(attributes, signals), path);

            // SIGPIPE, which .NET ignores: bit 12. Signals that have a handler get their default at the execve(2).
            signals[1] = 0x10;
            Check(AttributesSetDefaults(attributes, signals), path);
            Check(AttributesSetFlags(attributes, (short)(SetSignalDefaults | SetSignalMask | (leadsSession ? SetNewSession : 0))), path);
            int pid;
            Check(PosixSpawn(&pid, file.Pointers[0], actions, attributes, arguments.Pointers, variables.Pointers), path);
            return (pid, new((int)Kernel.Check(Kernel.Call(SystemCall.PidfdOpen, pid), "open process", path)));
        }
        finally
        {
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
        }
    }

    private static void Check(int errno, string path)
    {
        if (errno != 0)
        {
            throw new LinuxException((Errno)errno, "execute", path);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int PosixSpawn(int* pid, byte* path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsDuplicate(byte* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int AttributesSetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);
}
