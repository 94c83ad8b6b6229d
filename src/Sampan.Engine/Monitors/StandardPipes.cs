using Sampan.Engine.Users;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Runtime.Launching;

namespace Sampan.Engine.Monitors;

/// <summary>The pipes of a process that has no terminal. The child's ends are closed on dispose, the monitor's too unless they were handed on.</summary>
internal sealed unsafe class StandardPipes : IDisposable
{
    private const int CloseOnExec = 0x8_0000;
    private const int SetPipeSize = 1031;

    // Fewer wake-ups for who writes much; the pages exist only while they are full. The unprivileged limit (pipe(7)) is no obstacle to root.
    private const int OutputLength = 256 << 10;

    private FileDescriptor? _stdin;
    private FileDescriptor? _stdout;
    private FileDescriptor? _stderr;

    private StandardPipes()
    {
    }

    public FileDescriptor? ChildStdin { get; private set; }

    public FileDescriptor? ChildStdout { get; private set; }

    public FileDescriptor? ChildStderr { get; private set; }

    /// <param name="terminal">There is one: nothing is made.</param>
    /// <param name="input">Standard input is a pipe, not /dev/null.</param>
    /// <param name="lasting">
    /// The child's ends for its output are for reading too, as those of a terminal are. A pipe without a reader fails its writers (EPIPE) and
    /// drops what it holds with its last descriptor: so it is never without one, what is written while there is no monitor waits for the
    /// next, and the end still comes when the last process has closed it. Of standard input the same would be a pipe that never ends.
    /// </param>
    /// <exception cref="Linux.LinuxException">pipe2(2) failed.</exception>
    public static StandardPipes Make(bool terminal, bool input, bool lasting = false)
    {
        var pipes = new StandardPipes();
        if (!terminal)
        {
            (pipes.ChildStdin, pipes._stdin) = input ? Pipe() : (null, null);
            (pipes._stdout, pipes.ChildStdout) = lasting ? LastingPipe() : Pipe();
            (pipes._stderr, pipes.ChildStderr) = lasting ? LastingPipe() : Pipe();
            _ = Kernel.Call(SystemCall.Fcntl, pipes._stdout.Number, SetPipeSize, OutputLength);
        }

        return pipes;
    }

    /// <summary>Who has other ids than this process cannot take the pipes for his own: they are given to him, so that he may open /dev/stdout.</summary>
    /// <param name="ids">The container's ids.</param>
    /// <param name="user">The process's user in the container.</param>
    /// <exception cref="Linux.LinuxException">fchown(2) failed.</exception>
    public void Give(ContainerIdMap? ids, uint user)
    {
        if (ids is not null && ContainerIdMap.OnHost(ids.Users, user) is { } owner)
        {
            ChildStdin?.SetOwner(owner, uint.MaxValue);
            ChildStdout?.SetOwner(owner, uint.MaxValue);
            ChildStderr?.SetOwner(owner, uint.MaxValue);
        }
    }

    /// <summary>The process with the monitor's ends.</summary>
    public StartedProcess Hand(LaunchedProcess process)
    {
        var started = new StartedProcess(process.Pid, process.PidFd) { Terminal = process.Terminal, Stdin = _stdin, Stdout = _stdout, Stderr = _stderr };
        _stdin = _stdout = _stderr = null;
        return started;
    }

    public void Dispose()
    {
        ChildStdin?.Dispose();
        ChildStdout?.Dispose();
        ChildStderr?.Dispose();
        _stdin?.Dispose();
        _stdout?.Dispose();
        _stderr?.Dispose();
    }

    private static (FileDescriptor Read, FileDescriptor Write) LastingPipe()
    {
        var (read, write) = Pipe();
        using (write)
        {
            return (read, PipeEnd.Open(write, OpenFlags.ReadWrite));
        }
    }

    private static (FileDescriptor Read, FileDescriptor Write) Pipe()
    {
        var ends = stackalloc int[2];
        Kernel.Check(Kernel.Call(SystemCall.Pipe2, (nint)ends, CloseOnExec), "make pipe");
        return (new(ends[0]), new(ends[1]));
    }
}
