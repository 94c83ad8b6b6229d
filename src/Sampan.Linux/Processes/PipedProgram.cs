using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Processes;

/// <summary>
/// A program of the host, run to its end with what it reads and what it writes. It is started by posix_spawn(3): between clone and exec
/// there runs nothing but the C library, so a process with many threads may do it (ARCHITECTURE.md, "clone rules").
/// </summary>
public static unsafe partial class PipedProgram
{
    private const int CloseOnExec = 0x8_0000;
    private const int Kill = 9;
    private const int AnyExecutable = 0x49;

    // posix_spawnattr_setflags(3): what this process ignores or blocks is not the program's concern.
    private const short SetSignalDefaults = 4;
    private const short SetSignalMask = 8;

    /// <summary>Runs a program. It has this process's environment and standard error.</summary>
    /// <param name="program">Its name, looked for in PATH, or its path.</param>
    /// <param name="arguments">Its arguments, without the name.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="limit">Most bytes of standard output that are accepted.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <returns>Its exit status, or 128 and the number of the signal that ended it; and its standard output.</returns>
    /// <exception cref="LinuxException">It cannot be started: ENOENT when it is nowhere in PATH.</exception>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it wrote more than <paramref name="limit"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static (int Code, byte[] Output) Run(
        string program,
        IReadOnlyList<string> arguments,
        ReadOnlySpan<byte> input,
        int limit,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        var (inputRead, inputWrite) = Pipe();
        var (outputRead, outputWrite) = Pipe();
        using var output = outputRead;
        using var feed = inputWrite;
        FileDescriptor process;
        using (inputRead)
        using (outputWrite)
        {
            process = Spawn(program, arguments, inputRead.Number, outputWrite.Number);
        }

        using (process)
        {
            byte[]? bytes = null;
            using (cancellation.Register(() => ChildProcess.Kill(process, Kill)))
            {
                try
                {
                    bytes = Converse(feed, output, input, limit);
                }
                finally
                {
                    if (bytes is null)
                    {
                        ChildProcess.Kill(process, Kill);
                        ChildProcess.Wait(process);
                    }
                }
            }

            var code = ChildProcess.Wait(process);
            cancellation.ThrowIfCancellationRequested();
            return (code, bytes);
        }
    }

    // Both ends at once: a program that writes before it has read all would else wait for us and we for it.
    private static byte[] Converse(FileDescriptor feed, FileDescriptor output, ReadOnlySpan<byte> input, int limit)
    {
        feed.SetNonBlocking();
        var answer = new MemoryStream();
        var buffer = new byte[4096];
        Span<PollEntry> entries = stackalloc PollEntry[2];
        while (true)
        {
            entries[0] = new(output.Number, EpollEvents.Readable);
            entries[1] = new(feed.Number, EpollEvents.Writable);
            if (input.IsEmpty && !feed.IsClosed)
            {
                feed.Dispose();
            }

            Poll.Wait(feed.IsClosed ? entries[..1] : entries);
            if (!feed.IsClosed && entries[1].Ready != EpollEvents.None)
            {
                var written = feed.TryWrite(input);

                // EPIPE: it does not want to know more.
                input = written >= 0 ? input[written..] : written == -(int)Errno.EAGAIN ? input : default;
            }

            if (entries[0].Ready != EpollEvents.None)
            {
                var count = output.Read(buffer);
                if (count == 0)
                {
                    return answer.ToArray();
                }

                answer.Write(buffer, 0, count);
                if (answer.Length > limit)
                {
                    throw SampanException.InvalidArgument($"a program wrote more than {limit} bytes");
                }
            }
        }
    }

    private static FileDescriptor Spawn(string program, IReadOnlyList<string> arguments, int input, int output)
    {
        // Larger than the C libraries' opaque structures (glibc: 80 and 336 bytes).
        var actions = stackalloc byte[512];
        var attributes = stackalloc byte[512];
        var signals = stackalloc byte[128];
        new Span<byte>(signals, 128).Clear();
        using var path = new NativeStrings([Find(program)]);
        using var words = new NativeStrings([program, .. arguments]);
        using var environment = new NativeStrings(Variables());
        Check(ActionsInit(actions), program);
        Check(AttributesInit(attributes), program);
        try
        {
            Check(ActionsDuplicate(actions, input, 0), program);
            Check(ActionsDuplicate(actions, output, 1), program);
            Check(AttributesSetMask(attributes, signals), program);

            // SIGPIPE, which .NET ignores: bit 12. Signals that have a handler get their default at the execve(2).
            signals[1] = 0x10;
            Check(AttributesSetDefaults(attributes, signals), program);
            Check(AttributesSetFlags(attributes, SetSignalDefaults | SetSignalMask), program);
            int pid;
            Check(PosixSpawn(&pid, path.Pointers[0], actions, attributes, words.Pointers, environment.Pointers), program);
            return new((int)Kernel.Check(Kernel.Call(SystemCall.PidfdOpen, pid), "open process", program));
        }
        finally
        {
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
        }
    }

    // By this process's own idea of PATH, as execvp(3) looks by the C library's.
    private static string Find(string program)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return program;
        }

        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':'))
        {
            var path = $"{(directory.Length == 0 ? "." : directory)}/{program}";
            using var file = FileDescriptor.TryOpen(path, OpenFlags.Path);
            if (file?.Status() is { Type: FileType.Regular } status && (status.Permissions & AnyExecutable) != 0)
            {
                return path;
            }
        }

        throw new LinuxException(Errno.ENOENT, "execute", program);
    }

    private static void Check(int errno, string program)
    {
        if (errno != 0)
        {
            throw new LinuxException((Errno)errno, "execute", program);
        }
    }

    private static List<string> Variables()
    {
        List<string> variables = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables.Add($"{variable.Key}={variable.Value}");
        }

        return variables;
    }

    private static (FileDescriptor Read, FileDescriptor Write) Pipe()
    {
        var ends = stackalloc int[2];
        Kernel.Check(Kernel.Call(SystemCall.Pipe2, (nint)ends, CloseOnExec), "make pipe");
        return (new(ends[0]), new(ends[1]));
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

    // A null-terminated array of strings, as execve(2) takes them.
    private readonly ref struct NativeStrings
    {
        public NativeStrings(IReadOnlyList<string> values)
        {
            var size = (values.Count + 1) * sizeof(byte*);
            foreach (var value in values)
            {
                size += Encoding.UTF8.GetByteCount(value) + 1;
            }

            var block = (byte*)NativeMemory.Alloc((nuint)size);
            Pointers = (byte**)block;
            var next = block + ((values.Count + 1) * sizeof(byte*));
            for (var index = 0; index < values.Count; index++)
            {
                Pointers[index] = next;
                next += Encoding.UTF8.GetBytes(values[index], new Span<byte>(next, (int)(block + size - next)));
                *next++ = 0;
            }

            Pointers[values.Count] = null;
        }

        public byte** Pointers { get; }

        public void Dispose() => NativeMemory.Free(Pointers);
    }
}
