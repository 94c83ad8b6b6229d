using Sampan.Flags;

namespace Sampan.Cli.Commands.Registries;

/// <summary>sampan pull.</summary>
internal sealed class PullCommand : RegistryCommand
{
    private readonly Switch _allTags;
    private readonly Switch _contentTrust;
    private readonly ValueFlag<string> _platform;
    private readonly Switch _quiet;
    private readonly ValueFlag<string> _signature;

    /// <summary>Declares the flags.</summary>
    public PullCommand()
    {
        _allTags = Flags.Switch("all-tags", 'a', "Download all tagged images in the repository");
        _contentTrust = Flags.Switch("disable-content-trust", '\0', "Skip image verification", initial: true);
        _platform = Flags.Text("platform", '\0', "Set platform if server is multi-platform capable");
        _quiet = Flags.Switch("quiet", 'q', "Suppress verbose output");
        _signature = Flags.Text("require-signature", '\0', "Refuse an image that the owner of this public key (PEM) has not signed");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] NAME[:TAG|@DIGEST]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Images;

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments) => _contentTrust.Value
        ? registries.Pull(session, new(arguments[0], _allTags.Value, Given(_platform), _quiet.Value, Given(_signature)))
        : throw ContentTrust.Refused("pull");

    private static string? Given(ValueFlag<string> flag) => flag.Value.Length == 0 ? null : flag.Value;
}
