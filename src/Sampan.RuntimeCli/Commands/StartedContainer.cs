using Sampan.Linux;
using Sampan.Runtime.Containers;
using Sampan.Runtime.Launching;
using Sampan.RuntimeCli.Terminals;

namespace Sampan.RuntimeCli.Commands;

/// <summary>What run and restore do with a container that runs: leave it alone, or stand in for it and delete it at its end.</summary>
/// <param name="session">Options and output.</param>
internal sealed class StartedContainer(Session session)
{
    /// <summary>It is left alone.</summary>
    public bool Detach { get; init; }

    /// <summary>It stays when it has ended.</summary>
    public bool Keep { get; init; }

    /// <summary>Its orphans come to this process.</summary>
    public bool Subreaper { get; init; }

    /// <summary>Starts it.</summary>
    /// <param name="options">What it is.</param>
    /// <param name="start">Makes its process.</param>
    /// <returns>Its exit code; 0 of one that is left alone.</returns>
    /// <exception cref="SampanException">There is nobody to take its terminal, or it cannot be made.</exception>
    public int Run(CreateOptions options, Func<ContainerCreation, LaunchedProcess> start)
    {
        using var foreground = Detach ? null : new ForegroundProcess(Subreaper);
        var creation = new ContainerCreation(options);
        if (Detach && creation.HasTerminal && options.ConsoleSocket is null)
        {
            throw SampanException.InvalidArgument("cannot allocate tty if runc will detach without setting console socket");
        }

        if (options.ConsoleSocket is not null && !(Detach && creation.HasTerminal))
        {
            throw SampanException.InvalidArgument("cannot use console socket if runc will not detach or allocate tty");
        }

        using var process = start(creation);
        if (foreground is null)
        {
            return 0;
        }

        var status = foreground.Await(process);
        if (!Keep)
        {
            creation.Container.DeleteOwn(session.Warn);
        }

        return status;
    }
}
