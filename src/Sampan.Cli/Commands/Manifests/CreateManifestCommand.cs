using Sampan.Cli.Commands.Registries;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Manifests;

/// <summary>sampan manifest create.</summary>
internal sealed class CreateManifestCommand : RegistryCommand
{
    private readonly Switch _amend;
    private readonly Switch _insecure;

    /// <summary>Declares the flags.</summary>
    public CreateManifestCommand()
    {
        _amend = Flags.Switch("amend", 'a', "Amend an existing manifest list");
        _insecure = Flags.Switch("insecure", '\0', "Allow communication with an insecure registry");
    }

    /// <inheritdoc/>
    public override string Usage => "MANIFEST_LIST MANIFEST [MANIFEST...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(2);

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments)
    {
        registries.CreateManifest(session, new(arguments[0], [.. arguments.Skip(1)], _amend.Value, _insecure.Value));
        return 0;
    }
}
