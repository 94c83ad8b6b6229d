namespace Sampan.Flags;

/// <summary>The command line is wrong. The message is followed by the command's usage line and a pointer to its help.</summary>
/// <param name="message">What is wrong, in docker's words.</param>
/// <param name="exitCode">125 for a bad flag, 1 for a wrong number of arguments, as docker's client.</param>
public sealed class UsageException(string message, int exitCode = UsageException.BadFlag) : Exception(message)
{
    /// <summary>Exit code for a bad flag.</summary>
    public const int BadFlag = 125;

    /// <summary>Exit code for a wrong number of arguments and for an unknown command.</summary>
    public const int BadArguments = 1;

    /// <summary>Exit code of the process.</summary>
    public int ExitCode { get; } = exitCode;
}
