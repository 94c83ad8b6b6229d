using Sampan.Cli.Terminals;
using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Linux;
using Sampan.Linux.Terminals;

namespace Sampan.Cli.Commands.Containers;

/// <summary>What run, start, attach and exec do once they are connected.</summary>
internal static class Attachment
{
    private const int Lost = 125;

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
    /// <param name="container">Whose monitor it is.</param>
    /// <param name="connection">The monitor.</param>
    /// <param name="options">What to do with our terminal and signals.</param>
    /// <param name="isExec">The process is not the container's own.</param>
    /// <returns>The process's exit code; 0 when the user detached; 125 when the monitor died, which is told.</returns>
    /// <exception cref="SampanException">The monitor reported an error.</exception>
    public static int Run(Session session, Container container, MonitorConnection connection, AttachOptions options, bool isExec = false)
    {
        var outcome = new AttachPump(connection, options, session.Out, session.Error).Run();
        return outcome.End switch
        {
            AttachEnd.Exited => outcome.ExitCode,
            AttachEnd.Detached => 0,
            _ => TellOfLoss(session, container, isExec),
        };
    }

    private static int TellOfLoss(Session session, Container container, bool isExec)
    {
        // To look for it gives it a new monitor, if it goes on.
        var goesOn = session.Engine.Containers.TryFind(container.Id)?.State.Running == true;
        session.Complain((goesOn, isExec) switch
        {
            (true, true) => $"the monitor of container {container.Name} died, and this exec with it; the container goes on under a new one",
            (true, false) => $"the monitor of container {container.Name} died: the container goes on under a new one, see it with "
                + $"'sampan attach {container.Name}' or 'sampan logs -f {container.Name}'",
            _ => $"the monitor of container {container.Name} died, and the container has ended: 'sampan ps -a' shows what is known of it",
        });
        return Lost;
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
