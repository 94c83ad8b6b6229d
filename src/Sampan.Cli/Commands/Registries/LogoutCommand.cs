namespace Sampan.Cli.Commands.Registries;

/// <summary>sampan logout.</summary>
internal sealed class LogoutCommand : RegistryCommand
{
    /// <inheritdoc/>
    public override string Usage => "[SERVER]";

    /// <inheritdoc/>
    public override Arity Arity => new(0, 1);

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments) =>
        registries.Logout(session, arguments.Count > 0 ? arguments[0] : "");
}
