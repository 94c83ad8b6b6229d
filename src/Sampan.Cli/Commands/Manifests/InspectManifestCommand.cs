using Sampan.Cli.Commands.Registries;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Manifests;

/// <summary>sampan manifest inspect.</summary>
internal sealed class InspectManifestCommand : RegistryCommand
{
    private readonly Switch _insecure;
    private readonly Switch _verbose;

    /// <summary>Declares the flags.</summary>
    public InspectManifestCommand()
    {
        _insecure = Flags.Switch("insecure", '\0', "Allow communication with an insecure registry");
        _verbose = Flags.Switch("verbose", 'v', "Output additional info including layers and platform");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] [MANIFEST_LIST] MANIFEST";

    /// <inheritdoc/>
    public override Arity Arity => new(1, 2);

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments)
    {
        registries.InspectManifest(session, new(arguments.Count > 1 ? arguments[0] : null, arguments[^1], _verbose.Value, _insecure.Value));
        return 0;
    }
}
