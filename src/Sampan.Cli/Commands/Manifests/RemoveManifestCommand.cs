using Sampan.Cli.Commands.Registries;

namespace Sampan.Cli.Commands.Manifests;

/// <summary>sampan manifest rm.</summary>
internal sealed class RemoveManifestCommand : RegistryCommand
{
    /// <inheritdoc/>
    public override string Usage => "MANIFEST_LIST [MANIFEST_LIST...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments) => session.ForEach(arguments, registries.RemoveManifest);
}
