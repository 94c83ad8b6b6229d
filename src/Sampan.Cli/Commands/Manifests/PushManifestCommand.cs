using Sampan.Cli.Commands.Registries;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Manifests;

/// <summary>sampan manifest push.</summary>
internal sealed class PushManifestCommand : RegistryCommand
{
    private readonly Switch _insecure;
    private readonly Switch _purge;

    /// <summary>Declares the flags.</summary>
    public PushManifestCommand()
    {
        _insecure = Flags.Switch("insecure", '\0', "Allow push to an insecure registry");
        _purge = Flags.Switch("purge", 'p', "Remove the local manifest list after push");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] MANIFEST_LIST";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments)
    {
        registries.PushManifest(session, new(arguments[0], _purge.Value, _insecure.Value));
        return 0;
    }
}
