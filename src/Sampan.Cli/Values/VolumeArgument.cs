using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>
/// A volume: <c>/host:/inside[:options]</c>, <c>name:/inside</c>, or <c>/inside</c> alone for an anonymous one. A destination that does
/// not begin with a slash is relative to / (the spelling of the mydocker tutorials), a source that begins with a dot to the working directory.
/// </summary>
/// <param name="Source">Absolute host path or volume name; empty for an anonymous volume.</param>
/// <param name="Destination">Absolute path inside.</param>
/// <param name="Options">Comma separated options; may be empty.</param>
internal readonly record struct VolumeArgument(string Source, string Destination, string Options)
{
    /// <summary>The form HostConfig.Binds keeps.</summary>
    public string Bind => Options.Length == 0 ? $"{Source}:{Destination}" : $"{Source}:{Destination}:{Options}";

    /// <summary>Reads a volume.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Its parts.</returns>
    /// <exception cref="ValueException">Another form.</exception>
    public static VolumeArgument Parse(string text)
    {
        var parts = text.Split(':');
        foreach (var part in parts)
        {
            if (part.Length == 0)
            {
                throw new ValueException($"invalid spec: {text}: empty section between colons");
            }
        }

        switch (parts.Length)
        {
            case 1:
                return new("", Inside(text, parts[0]), "");
            case 2:
                return new(Outside(text, parts[0]), Inside(text, parts[1]), "");
            case 3:
                CheckOptions(parts[2]);
                return new(Outside(text, parts[0]), Inside(text, parts[1]), parts[2]);
            default:
                throw new ValueException($"invalid volume specification: '{text}'");
        }
    }

    /// <summary>Checks a volume without using it: the flag's check.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same text.</returns>
    /// <exception cref="ValueException">Another form.</exception>
    public static string Check(string text)
    {
        _ = Parse(text);
        return text;
    }

    private static string Outside(string text, string source) => source switch
    {
        ['/', ..] => source,
        "." or ".." or ['.', '/', ..] or ['.', '.', '/', ..] => Path.GetFullPath(source),
        _ when source.Contains('/', StringComparison.Ordinal) => throw new ValueException(
            $"\"{source}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path"),
        _ => source,
    };

    private static string Inside(string text, string destination)
    {
        if (destination is "ro" or "rw")
        {
            throw new ValueException($"invalid volume specification: '{text}': no destination before :{destination}");
        }

        var path = destination[0] == '/' ? destination : "/" + destination;
        return path.AsSpan().Trim('/').IsEmpty ? throw new ValueException($"invalid volume specification: '{text}': destination can't be '/'") : path;
    }

    private static void CheckOptions(string options)
    {
        foreach (var range in options.AsSpan().Split(','))
        {
            var option = options.AsSpan()[range];
            if (!option.StartsWith("idmap=") && option is not ("match-user" or "ro" or "rw" or "z" or "Z" or "nocopy" or "cached" or "delegated" or "consistent"
                or "shared" or "rshared" or "slave" or "rslave" or "private" or "rprivate"))
            {
                throw new ValueException($"invalid mode: {options}");
            }
        }
    }
}
