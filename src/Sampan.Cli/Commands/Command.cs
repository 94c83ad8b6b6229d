using Sampan.Flags;

namespace Sampan.Cli.Commands;

/// <summary>
/// One verb: its flags, its arguments and what it does. A subclass adds its flags in its constructor and reads them in
/// <see cref="Run"/>; one file per verb, entered in <see cref="CommandTable"/>.
/// </summary>
internal abstract class Command
{
    /// <summary>The flags.</summary>
    public FlagSet Flags { get; } = new();

    /// <summary>What follows the name in the usage line: "[OPTIONS] CONTAINER [CONTAINER...]".</summary>
    public abstract string Usage { get; }

    /// <summary>How many arguments.</summary>
    public abstract Arity Arity { get; }

    /// <summary>What the arguments name.</summary>
    public virtual ArgumentKind Completes => ArgumentKind.None;

    /// <summary>False when the first argument ends the flags, since a container's command follows.</summary>
    public virtual bool Interspersed => true;

    /// <summary>Exit code when the engine refuses; docker's client uses 1, and 125 for run.</summary>
    public virtual int FailureExitCode => 1;

    /// <summary>Does it.</summary>
    /// <param name="session">Output, paths and the engine.</param>
    /// <param name="arguments">The arguments, as many as <see cref="Arity"/> says.</param>
    /// <returns>The process's exit code.</returns>
    public abstract int Run(Session session, IReadOnlyList<string> arguments);
}
