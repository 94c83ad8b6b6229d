namespace Sampan.Linux;

/// <summary>A kernel call failed: which operation, on what, and the error number.</summary>
/// <param name="errno">The kernel's error number.</param>
/// <param name="operation">What was being done, as a verb phrase in lower case ("mount proc", "open").</param>
/// <param name="target">The object it was done to: a path, a name, an id; empty when there is none.</param>
public sealed class LinuxException(Errno errno, string operation, string target)
    : Exception(Format(errno, operation, target))
{
    /// <summary>The kernel's error number (errno(3)).</summary>
    public Errno Errno { get; } = errno;

    /// <summary>What was being done.</summary>
    public string Operation { get; } = operation;

    /// <summary>The object it was done to; may be empty.</summary>
    public string Target { get; } = target;

    private static string Format(Errno errno, string operation, string target) =>
        OneLine.Of(target.Length == 0
            ? $"{operation}: {ErrnoText.Describe(errno)} ({errno})"
            : $"{operation} {target}: {ErrnoText.Describe(errno)} ({errno})");
}
