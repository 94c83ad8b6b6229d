using Sampan.Cli.Terminals;
using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Linux;
using Sampan.Linux.Terminals;

namespace Sampan.Cli.Commands.Containers;

/// <summary>What run, start, attach and exec do once they are connected.</summary>
internal static class Attachment
{
    /// <summary>Says so where keys are to go to a pseudo terminal and our input is none.</summary>
    /// <param name="session">Where to.</param>
    /// <param name="stdin">Our input is attached.</param>
    /// <param name="tty">The process has a pseudo terminal.</param>
    /// <returns>False when the command must not go on.</returns>
    public static bool CheckTerminal(Session session, bool stdin, bool tty)
    {
        if (!stdin || !tty || TerminalMode.IsTerminal(0))
        {
            return true;
        }

        session.Complain("the input device is not a TTY");
        return false;
    }

    /// <summary>The size of our terminal, for a process that is to have one.</summary>
    /// <param name="tty">It is to have one.</param>
    /// <returns>The size; zeros when there is none.</returns>
    public static TerminalSize Size(bool tty) => tty ? TerminalSize.TryRead(1) ?? default : default;

    /// <summary>Carries bytes until the process ends or the user detaches.</summary>
    /// <param name="session">Output.</param>
    /// <param name="connection">The monitor.</param>
    /// <param name="options">What to do with our terminal and signals.</param>
    /// <returns>The process's exit code; 0 when the user detached.</returns>
    /// <exception cref="SampanException">The monitor was lost or reported an error.</exception>
    public static int Run(Session session, MonitorConnection connection, AttachOptions options)
    {
        var outcome = new AttachPump(connection, options, session.Out, session.Error).Run();
        return outcome.End switch
        {
            AttachEnd.Exited => outcome.ExitCode,
            AttachEnd.Detached => 0,
            _ => throw new SampanException(ErrorKind.Internal, "the container's monitor is gone: see 'sampan ps -a' for what became of the container"),
        };
    }

    /// <summary>Hands our signals to a container. One that has just ended needs none.</summary>
    /// <param name="session">The engine.</param>
    /// <param name="container">Which.</param>
    /// <param name="tty">With a terminal the keys are sent, not the signals.</param>
    /// <param name="wanted">--sig-proxy.</param>
    /// <returns>What hands them on; null when they act on us.</returns>
    public static Action<int>? Forwarder(Session session, Container container, bool tty, bool wanted)
    {
        if (tty || !wanted)
        {
            return null;
        }

        return signal =>
        {
            try
            {
                session.Engine.Signal(container, signal);
            }
            catch (SampanException problem) when (problem.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
            {
                // It ended meanwhile: its last frame is on the way.
            }
        };
    }
}
