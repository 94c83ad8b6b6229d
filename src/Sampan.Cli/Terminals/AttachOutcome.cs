namespace Sampan.Cli.Terminals;

/// <summary>How an attached command ended, and with which code.</summary>
/// <param name="End">How.</param>
/// <param name="ExitCode">The process's exit code where it ended.</param>
internal readonly record struct AttachOutcome(AttachEnd End, int ExitCode);
