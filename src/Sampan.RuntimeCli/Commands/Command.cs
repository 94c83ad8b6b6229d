using Sampan.Flags;

namespace Sampan.RuntimeCli.Commands;

/// <summary>One verb: its flags, its arguments and what it does.</summary>
internal abstract class Command
{
    /// <summary>The flags.</summary>
    public FlagSet Flags { get; } = new();

    /// <summary>What follows the name in the usage line.</summary>
    public abstract string Usage { get; }

    /// <summary>How many arguments at least.</summary>
    public abstract int Least { get; }

    /// <summary>How many at most.</summary>
    public virtual int Most => Least;

    /// <summary>False when the first argument ends the flags.</summary>
    public virtual bool Interspersed => true;

    /// <summary>Exit code of a failure (runc: 1, exec 255).</summary>
    public virtual int FailureExitCode => 1;

    /// <summary>What an error's text begins with; null adds nothing.</summary>
    public virtual string? Failure => null;

    /// <summary>A process it clones becomes one of a container's: it must not be a way to this program's file.</summary>
    public virtual bool EntersContainers => false;

    /// <summary>Does it.</summary>
    /// <param name="session">Options and output.</param>
    /// <param name="arguments">As many as allowed.</param>
    /// <returns>The process's exit code.</returns>
    public abstract int Run(Session session, IReadOnlyList<string> arguments);
}
