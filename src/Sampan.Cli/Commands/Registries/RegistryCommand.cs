namespace Sampan.Cli.Commands.Registries;

/// <summary>A command that speaks to a registry: sampan becomes sampan-registry, where it is done.</summary>
internal abstract class RegistryCommand : Command
{
    /// <inheritdoc/>
    public sealed override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (session.Registries is null)
        {
            RegistryProgram.Become();
        }

        return Run(session, session.Registries!, arguments);
    }

    /// <summary>Does it.</summary>
    /// <param name="session">Output, paths.</param>
    /// <param name="registries">The registries.</param>
    /// <param name="arguments">The arguments, as many as <see cref="Command.Arity"/> says.</param>
    /// <returns>The exit code.</returns>
    protected abstract int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments);
}
