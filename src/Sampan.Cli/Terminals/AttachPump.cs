using System.Text;
using Sampan.Engine.Monitors;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Signals;
using Sampan.Linux.Terminals;

namespace Sampan.Cli.Terminals;

/// <summary>
/// Carries bytes between our terminal and a process a monitor holds, until the process ends or the user detaches. One poll(2) loop over
/// the socket, our input and our signals; the terminal is given back however it ends.
/// </summary>
/// <param name="connection">The conversation with the monitor.</param>
/// <param name="options">What to do with our own terminal and signals.</param>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
internal sealed class AttachPump(MonitorConnection connection, AttachOptions options, TextOutput output, TextOutput error)
{
    private const int Input = 0;
    private const int WindowChange = 28;
    private const EpollEvents NotReady = default;
    private const int InputBuffer = 32 << 10;

    // signal(7): HUP, INT, QUIT and TERM would end us with the terminal still raw.
    private static readonly SignalSet Deadly = SignalSet.Of(1, 2, 3, 15);

    // Docker forwards what can be caught and means something to a process: HUP INT QUIT USR1 USR2 ALRM TERM CONT TSTP.
    private static readonly SignalSet Forwarded = SignalSet.Of(1, 2, 3, 10, 12, 14, 15, 18, 20);

    private readonly DetachKeys _detach = new(options.Tty ? options.DetachKeys : []);
    private bool _inputOpen = options.Stdin;

    /// <summary>Carries bytes until the end.</summary>
    /// <returns>How it ended.</returns>
    /// <exception cref="SampanException">The monitor reported an error.</exception>
    /// <exception cref="LinuxException">Our output cannot be written.</exception>
    public AttachOutcome Run()
    {
        output.Flush();
        using var signals = TakeSignals();
        using var mode = options is { Tty: true, Stdin: true } && TerminalMode.IsTerminal(Input) ? TerminalMode.MakeRaw(Input) : null;
        SendSize();

        // What came together with the answer to the request is here already; no poll would tell of it.
        if (TakeFrames() is { } early)
        {
            return early;
        }

        Span<PollEntry> entries = stackalloc PollEntry[3];
        while (true)
        {
            entries[0] = new(connection.Socket.Number, connection.WantsWrite ? EpollEvents.Readable | EpollEvents.Writable : EpollEvents.Readable);
            entries[1] = new(_inputOpen && !connection.WantsWrite ? Input : -1, EpollEvents.Readable);
            entries[2] = new(signals?.Descriptor.Number ?? -1, EpollEvents.Readable);
            if (Poll.Wait(entries) == 0)
            {
                continue;
            }

            if (entries[2].Ready != NotReady)
            {
                HandleSignal(signals!.Take(), mode);
            }

            if (entries[1].Ready != NotReady && ForwardInput())
            {
                return new(AttachEnd.Detached, 0);
            }

            if (entries[0].Ready != NotReady && Exchange() is { } outcome)
            {
                return outcome;
            }
        }
    }

    private SignalDescriptor? TakeSignals()
    {
        var wanted = options.Tty ? Deadly | SignalSet.Of(WindowChange) : options.ForwardSignal is null ? default : Forwarded;
        if (wanted.Bits == 0)
        {
            return null;
        }

        SignalMask.BlockEverywhere(wanted);
        return new(wanted);
    }

    private void HandleSignal(int signal, TerminalMode? mode)
    {
        if (signal == WindowChange)
        {
            SendSize();
        }
        else if (signal != 0 && options.Tty)
        {
            mode?.Dispose();
            SignalMask.DieOf(signal);
        }
        else if (signal != 0)
        {
            options.ForwardSignal!(signal);
        }
    }

    private void SendSize()
    {
        if (options.Tty && TerminalSize.TryRead(1) is { } size)
        {
            connection.SendResize(size.Rows, size.Columns);
        }
    }

    /// <returns>True when the user detached.</returns>
    private bool ForwardInput()
    {
        Span<byte> typed = stackalloc byte[InputBuffer];
        var count = StandardInput.TryRead(typed);
        if (count <= 0)
        {
            // The end, a terminal that hung up (EIO), or a descriptor that never was (EBADF).
            _inputOpen = count == -(int)Errno.EAGAIN;
            if (!_inputOpen)
            {
                connection.SendEndOfInput();
            }

            return false;
        }

        Span<byte> passed = stackalloc byte[count + options.DetachKeys.Length];
        var detached = _detach.Scan(typed[..count], passed, out var length);
        connection.SendInput(passed[..length]);
        return detached;
    }

    private AttachOutcome? Exchange()
    {
        connection.Flush();
        var open = connection.Receive();
        return TakeFrames() ?? (open ? null : new(AttachEnd.Lost, 0));
    }

    private AttachOutcome? TakeFrames()
    {
        while (connection.TryTakeFrame(out var frame))
        {
            switch (frame.Type)
            {
                case FrameType.Stdout:
                    output.Descriptor.WriteAll(frame.Payload);
                    break;
                case FrameType.Stderr:
                    error.Descriptor.WriteAll(frame.Payload);
                    break;
                case FrameType.Trace:
                    options.PrintTrace?.Invoke(Encoding.UTF8.GetString(frame.Payload));
                    break;
                case FrameType.Exited:
                    return new(AttachEnd.Exited, frame.Number);
                case FrameType.Error:
                    throw frame.ToException();
            }
        }

        return null;
    }
}
