using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Processes;
using Sampan.Linux.Signals;
using Sampan.Linux.Terminals;
using Sampan.Runtime.Launching;
using Sampan.RuntimeCli.Startup;

namespace Sampan.RuntimeCli.Terminals;

/// <summary>Stands in for a process until it ends: passes signals on, and carries bytes between its terminal and the caller's.</summary>
internal sealed class ForegroundProcess : IDisposable
{
    private const int SetChildSubreaper = 36;
    private const int SigChild = 17;
    private const int SigWindowChange = 28;

    private readonly SignalDescriptor _signals;
    private byte[] _buffer = [];
    private TerminalMode? _mode;

    /// <param name="subreaper">Orphans of the container come to this process, which reaps them (prctl(2), PR_SET_CHILD_SUBREAPER).</param>
    public ForegroundProcess(bool subreaper)
    {
        // Before there is a process: a signal that comes early waits for it.
        var forwarded = new SignalSet(EarlyStart.Forwarded);
        if (EarlyStart.Blocked == forwarded)
        {
            SignalMask.Block(forwarded);
        }
        else
        {
            SignalMask.BlockEverywhere(forwarded);
        }

        _signals = new SignalDescriptor(forwarded);
        if (subreaper)
        {
            Kernel.Check(Kernel.Call(SystemCall.Prctl, SetChildSubreaper, 1), "become a subreaper");
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <param name="process">The process.</param>
    /// <returns>Its exit status, or 128 and the number of the signal that ended it.</returns>
    /// <exception cref="LinuxException">A call failed.</exception>
    public int Await(LaunchedProcess process)
    {
        var terminal = process.Terminal;
        if (terminal is not null)
        {
            _buffer = new byte[32 << 10];
            Resize(terminal);
            _mode = TerminalMode.IsTerminal(0) ? TerminalMode.MakeRaw(0) : null;
        }

        var hasInput = terminal is not null;
        Span<PollEntry> entries = stackalloc PollEntry[4];
        while (true)
        {
            entries[0] = new(process.PidFd.Number, EpollEvents.Readable);
            entries[1] = new(_signals.Descriptor.Number, EpollEvents.Readable);
            entries[2] = new(terminal?.Number ?? -1, EpollEvents.Readable);
            entries[3] = new(hasInput ? 0 : -1, EpollEvents.Readable);
            Poll.Wait(entries);
            PassSignals(process, terminal);
            if (entries[2].Ready != EpollEvents.None && !Copy(terminal!, 1))
            {
                terminal = null;
                hasInput = false;
            }

            if (hasInput && entries[3].Ready != EpollEvents.None)
            {
                using var input = new FileDescriptor(0, owned: false);
                hasInput = Copy(input, terminal!.Number);
            }

            // What the terminal still holds comes first: its end shows after the process's.
            if (entries[0].Ready != EpollEvents.None && entries[2].Ready == EpollEvents.None)
            {
                return ChildProcess.Wait(process.PidFd);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mode?.Dispose();
        _signals.Dispose();
    }

    private static void Resize(FileDescriptor terminal)
    {
        if (TerminalSize.TryRead(0) is { Rows: > 0 } size)
        {
            _ = size.TrySet(terminal.Number);
        }
    }

    private void PassSignals(LaunchedProcess process, FileDescriptor? terminal)
    {
        while (_signals.Take() is var signal and not 0)
        {
            switch (signal)
            {
                case SigChild:
                    ChildProcess.ReapOthers(process.Pid);
                    break;
                case SigWindowChange when terminal is not null:
                    Resize(terminal);
                    break;
                default:
                    ChildProcess.Kill(process.PidFd, signal);
                    break;
            }
        }
    }

    // False at the end: of a pseudo terminal that is EIO once its last slave is closed (pty(7)).
    private bool Copy(FileDescriptor from, int to)
    {
        var count = from.TryRead(_buffer);
        if (count <= 0)
        {
            return count is -(int)Errno.EAGAIN;
        }

        using var target = new FileDescriptor(to, owned: false);
        var written = 0;
        while (written < count)
        {
            var result = target.TryWrite(_buffer.AsSpan(written, count - written));
            if (result < 0)
            {
                return false;
            }

            written += result;
        }

        return true;
    }
}
