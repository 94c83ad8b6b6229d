using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>Kernel parameters that belong to a namespace and so may be set for one container (sysctl(8), namespaces(7)).</summary>
internal static class SysctlArgument
{
    /// <summary>Checks name=value.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same text.</returns>
    /// <exception cref="ValueException">Not of that form, or a parameter of the whole host.</exception>
    public static string Check(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && IsNamespaced(text.AsSpan(0, equals)) ? text : throw new ValueException($"sysctl '{text}' is not allowed");
    }

    private static bool IsNamespaced(ReadOnlySpan<char> name) =>
        name is "kernel.msgmax" or "kernel.msgmnb" or "kernel.msgmni" or "kernel.sem" or "kernel.shmall" or "kernel.shmmax" or "kernel.shmmni"
            or "kernel.shm_rmid_forced"
        || name.StartsWith("net.", StringComparison.Ordinal)
        || name.StartsWith("fs.mqueue.", StringComparison.Ordinal);
}
