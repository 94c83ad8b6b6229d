using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Cli.Values;

/// <summary>Files of NAME=value lines (--env-file, --label-file) by docker's rules: # begins a comment line, values are taken as they stand.</summary>
internal static class KeyValueFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="lookUp">Gives the value of a name that stands alone; the line is dropped when there is none. Null keeps the name.</param>
    /// <returns>NAME=value lines in order.</returns>
    /// <exception cref="SampanException">Not text, a line without a name, or a name with blanks in it.</exception>
    /// <exception cref="LinuxException">The file cannot be read.</exception>
    public static List<string> Read(string path, Func<string, string?>? lookUp)
    {
        using var file = FileDescriptor.Open(path, OpenFlags.ReadOnly);
        return file.Status().IsDirectory
            ? throw SampanException.InvalidArgument($"invalid env file ({path}): read {path}: is a directory")
            : Parse(path, file.ReadToEnd(), lookUp);
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="path">Path of the file, for errors.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="lookUp">Gives the value of a name that stands alone; null keeps the name.</param>
    /// <returns>NAME=value lines in order.</returns>
    internal static List<string> Parse(string path, ReadOnlySpan<byte> content, Func<string, string?>? lookUp)
    {
        if (content.StartsWith("\uFEFF"u8))
        {
            content = content[3..];
        }

        var lines = new List<string>();
        for (var number = 1; !content.IsEmpty; number++)
        {
            var end = content.IndexOf((byte)'\n');
            var line = end < 0 ? content : content[..end];
            content = end < 0 ? default : content[(end + 1)..];
            if (!System.Text.Unicode.Utf8.IsValid(line))
            {
                throw SampanException.InvalidArgument($"invalid env file ({path}): invalid utf8 bytes at line {number}");
            }

            if (ParseLine(path, Encoding.UTF8.GetString(line), lookUp) is { } entry)
            {
                lines.Add(entry);
            }
        }

        return lines;
    }

    private static string? ParseLine(string path, string text, Func<string, string?>? lookUp)
    {
        var line = text.TrimEnd('\r').TrimStart();
        if (line.Length == 0 || line[0] == '#')
        {
            return null;
        }

        var equals = line.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? line : line[..equals];
        if (name.Length == 0)
        {
            throw SampanException.InvalidArgument($"invalid env file ({path}): no variable name on line '{line}'");
        }

        if (name.AsSpan().ContainsAny(" \t"))
        {
            throw SampanException.InvalidArgument($"invalid env file ({path}): variable '{name}' contains whitespaces");
        }

        if (equals >= 0 || lookUp is null)
        {
            return line;
        }

        return lookUp(name) is { } value ? $"{name}={value}" : null;
    }

    /// <summary>The environment of a process: what files say, then what flags say, which thereby wins.</summary>
    /// <param name="files">Paths given with --env-file.</param>
    /// <param name="variables">NAME=value given with --env.</param>
    /// <returns>All of them, in this order.</returns>
    public static List<string> Environment(IReadOnlyList<string> files, IReadOnlyList<string> variables)
    {
        var all = new List<string>();
        foreach (var path in files)
        {
            all.AddRange(Read(path, System.Environment.GetEnvironmentVariable));
        }

        all.AddRange(variables);
        return all;
    }
}
