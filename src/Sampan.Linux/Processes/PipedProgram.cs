using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Processes;

/// <summary>
/// A program of the host, run to its end with what it reads and what it writes. A process with many threads may do it (<see cref="SpawnedProgram"/>).
/// </summary>
public static unsafe class PipedProgram
{
    private const int CloseOnExec = 0x8_0000;
    private const int Kill = 9;
    private const int AnyExecutable = 0x49;

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
            process = SpawnedProgram.Start(Find(program), [program, .. arguments], OwnEnvironment.List(), [inputRead.Number, outputWrite.Number]).Process;
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

    private static (FileDescriptor Read, FileDescriptor Write) Pipe()
    {
        var ends = stackalloc int[2];
        Kernel.Check(Kernel.Call(SystemCall.Pipe2, (nint)ends, CloseOnExec), "make pipe");
        return (new(ends[0]), new(ends[1]));
    }
}
