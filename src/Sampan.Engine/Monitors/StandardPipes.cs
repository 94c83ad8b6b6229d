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
    /// <exception cref="Linux.LinuxException">pipe2(2) failed.</exception>
    public static StandardPipes Make(bool terminal, bool input)
    {
        var pipes = new StandardPipes();
        if (!terminal)
        {
            (pipes.ChildStdin, pipes._stdin) = input ? Pipe() : (null, null);
            (pipes._stdout, pipes.ChildStdout) = Pipe();
            (pipes._stderr, pipes.ChildStderr) = Pipe();
            _ = Kernel.Call(SystemCall.Fcntl, pipes._stdout.Number, SetPipeSize, OutputLength);
        }

        return pipes;
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

    private static (FileDescriptor Read, FileDescriptor Write) Pipe()
    {
        var ends = stackalloc int[2];
        Kernel.Check(Kernel.Call(SystemCall.Pipe2, (nint)ends, CloseOnExec), "make pipe");
        return (new(ends[0]), new(ends[1]));
    }
}
