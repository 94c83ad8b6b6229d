using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Runtime.Checkpoints;

/// <summary>What criu wrote down while it worked.</summary>
/// <param name="directory">The work directory.</param>
/// <param name="name">The log's name in it.</param>
internal sealed class CriuLog(string directory, string name)
{
    private const int LongestLog = 64 << 20;
    private const int Most = 3;

    /// <summary>Its path.</summary>
    public string Path { get; } = $"{directory}/{name}";

    /// <summary>A log of an earlier attempt would be read as this one's, where criu ends before it opens its own.</summary>
    /// <exception cref="LinuxException">It cannot be removed.</exception>
    public void Forget()
    {
        using var parent = FileDescriptor.Open(directory, OpenFlags.Path | OpenFlags.Directory);
        if (parent.TryStatusAt(name) is not null)
        {
            parent.Unlink(name);
        }
    }

    /// <summary>Why criu gave up.</summary>
    /// <returns>Its last errors in their order, in one line; empty where there are none.</returns>
    /// <exception cref="LinuxException">The log is there and cannot be read.</exception>
    public string Reason() => FileTree.TryRead(Path, LongestLog) is { } text ? Reason(Encoding.UTF8.GetString(text)) : "";

    /// <summary>
    /// The errors that matter in a log: the probing at its beginning leaves errors that stop nothing, so it is the last ones. Left out is what says
    /// only that something failed: "Dumping FAILED.", a descriptor that could not be opened, and what ended because of another.
    /// </summary>
    /// <param name="text">Lines such as "(00.02) Error (criu/vdso.c:613): vdso: Failed to fill self vdso symtable".</param>
    /// <returns>What they say, without times and places.</returns>
    internal static string Reason(string text)
    {
        const string mark = "Error (";
        var errors = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            var start = line.IndexOf(mark, StringComparison.Ordinal);
            var end = start < 0 ? -1 : line.IndexOf("): ", start, StringComparison.Ordinal);
            if (end < 0)
            {
                continue;
            }

            var error = line[(end + 3)..].Trim();
            if (!IsConsequence(error) && !errors.Contains(error))
            {
                errors.Add(error);
            }
        }

        return string.Join("; ", errors.Count > Most ? errors[^Most..] : errors);
    }

    private static bool IsConsequence(string error) =>
        error.EndsWith("FAILED.", StringComparison.Ordinal)
        || error.Contains("exited, status=", StringComparison.Ordinal)
        || error.StartsWith("Unable to open fd=", StringComparison.Ordinal)
        || error.StartsWith("Can't send file descriptor", StringComparison.Ordinal);
}
