using Sampan.Flags;

namespace Sampan.Cli.Commands.Registries;

/// <summary>sampan push.</summary>
internal sealed class PushCommand : RegistryCommand
{
    private readonly Switch _allTags;
    private readonly Switch _contentTrust;
    private readonly Switch _quiet;

    /// <summary>Declares the flags.</summary>
    public PushCommand()
    {
        _allTags = Flags.Switch("all-tags", 'a', "Push all tags of an image to the repository");
        _contentTrust = Flags.Switch("disable-content-trust", '\0', "Skip image signing", initial: true);
        _quiet = Flags.Switch("quiet", 'q', "Suppress verbose output");
        Flags.Unsupported("platform");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] NAME[:TAG]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Images;

    /// <inheritdoc/>
    protected override int Run(Session session, IRegistries registries, IReadOnlyList<string> arguments) => _contentTrust.Value
        ? registries.Push(session, new(arguments[0], _allTags.Value, _quiet.Value))
        : throw ContentTrust.Refused("push");
}
