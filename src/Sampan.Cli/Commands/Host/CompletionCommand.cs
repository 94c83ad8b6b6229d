using Sampan.Cli.Help.Completion;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Host;

/// <summary>sampan completion: a script made from the command table.</summary>
internal sealed class CompletionCommand : Command
{
    /// <inheritdoc/>
    public override string Usage => "bash|zsh|fish";

    /// <inheritdoc/>
    public override Arity Arity => Arity.Exactly(1);

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        session.Out.Write(arguments[0] switch
        {
            "bash" => CompletionScript.ForBash(session.Options.Flags),
            "zsh" => CompletionScript.ForZsh(session.Options.Flags),
            "fish" => FishCompletion.Format(session.Options.Flags),
            var other => throw SampanException.InvalidArgument($"unknown shell \"{other}\": bash, zsh or fish"),
        });
        return 0;
    }
}
