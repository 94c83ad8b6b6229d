using Sampan.Cli.Values;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>sampan update.</summary>
internal sealed class UpdateCommand : Command
{
    private readonly LimitFlags _limits;
    private readonly ValueFlag<string> _restart;

    /// <summary>Declares the flags.</summary>
    public UpdateCommand()
    {
        _limits = new(Flags);
        _restart = Flags.Text("restart", '\0', "Restart policy to apply when a container exits");
        Flags.Unsupported("cpu-rt-period", "cpu-rt-runtime", "kernel-memory");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (!Flags.All.Any(flag => flag.Changed))
        {
            throw SampanException.InvalidArgument("you must provide one or more flags when using this command");
        }

        var change = _limits.ToRequest() with { RestartPolicy = _restart.Changed ? RestartArgument.Parse(_restart.Value) : null };
        return session.ForEach(arguments, name =>
        {
            session.Engine.Update(session.Engine.Containers.Find(name), change);
            session.Out.WriteLine(name);
        });
    }
}
