namespace Sampan.Cli.Terminals;

/// <summary>How an attached command ended.</summary>
internal enum AttachEnd
{
    /// <summary>The process ended.</summary>
    Exited,

    /// <summary>The user typed the detach sequence.</summary>
    Detached,

    /// <summary>The monitor closed the connection without an exit code.</summary>
    Lost,
}
