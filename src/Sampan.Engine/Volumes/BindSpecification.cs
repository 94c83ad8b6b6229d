using Sampan.Linux;

namespace Sampan.Engine.Volumes;

/// <summary>
/// The argument of -v: [source:]destination[:options]. An absolute source is a path of the host, any other a volume's name, none an
/// anonymous volume. A destination without a leading slash is relative to "/", as the tutorials write it; docker refuses it.
/// </summary>
internal sealed record BindSpecification
{
    private BindSpecification(string source, string destination, string mode)
    {
        Source = source;
        Destination = destination;
        Mode = mode;
    }

    /// <summary>Absolute path, name of a volume, or empty.</summary>
    public string Source { get; }

    /// <summary>Absolute path in the container.</summary>
    public string Destination { get; }

    /// <summary>Options as written.</summary>
    public string Mode { get; }

    public bool IsHostPath => Source.StartsWith('/');

    public bool ReadOnly { get; private init; }

    /// <summary>Do not fill an empty volume from the image.</summary>
    public bool NoCopy { get; private init; }

    /// <summary>private, rprivate, shared, rshared, slave or rslave; empty when not said.</summary>
    public string Propagation { get; private init; } = "";

    /// <summary>match-user, or the mappings of idmap=; empty when ids are as they are.</summary>
    public string IdMap { get; private init; } = "";

    /// <exception cref="SampanException">InvalidArgument, in docker's words.</exception>
    public static BindSpecification Parse(string text)
    {
        var parts = text.Split(':');
        var (source, destination, mode) = parts switch
        {
            [var only] => ("", only, ""),
            [var first, var second] when IsMode(second) => ("", first, second),
            [var first, var second] => (first, second, ""),
            [var first, var second, var third] => (first, second, third),
            _ => throw Invalid(text, "incorrect format"),
        };

        if (parts.Length > 1 && source.Length == 0 && !IsMode(parts[^1]))
        {
            throw Invalid(text, "empty section between colons");
        }

        destination = NormalizePath(destination.StartsWith('/') ? destination : "/" + destination);
        if (destination == "/")
        {
            throw Invalid(text, "destination can't be '/'");
        }

        if (source.StartsWith('/'))
        {
            source = NormalizePath(source);
        }
        else if (source.Length > 0)
        {
            VolumeStore.Validate(source);
        }

        return Apply(new(source, destination, mode), text);
    }

    /// <summary>Removes doubled and trailing slashes, "." and "..", by text alone, as Go's path.Clean does.</summary>
    public static string NormalizePath(string path)
    {
        List<string> kept = [];
        foreach (var part in path.Split('/'))
        {
            if (part == "..")
            {
                if (kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }
            }
            else if (part is not ("" or "."))
            {
                kept.Add(part);
            }
        }

        return "/" + string.Join('/', kept);
    }

    private static BindSpecification Apply(BindSpecification bind, string text)
    {
        foreach (var option in bind.Mode.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            bind = option switch
            {
                "ro" => bind with { ReadOnly = true },
                "rw" => bind,
                "nocopy" when !bind.IsHostPath => bind with { NoCopy = true },
                "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave" when bind.IsHostPath => bind with { Propagation = option },

                IdMapArgument.MatchUser when bind.IdMap.Length == 0 => bind with { IdMap = option },
                ['i', 'd', 'm', 'a', 'p', '=', .. var map] when bind.IdMap.Length == 0 => bind with { IdMap = Checked(map) },

                // SELinux relabelling and docker's consistency hints: nothing to do where there is no SELinux and no virtual machine.
                "z" or "Z" or "cached" or "delegated" or "consistent" => bind,
                _ => throw Invalid(text, $"invalid mode: {bind.Mode}"),
            };
        }

        return bind;
    }

    private static string Checked(string map)
    {
        _ = IdMapArgument.Parse(map);
        return map;
    }

    private static bool IsMode(string text)
    {
        foreach (var option in text.Split(','))
        {
            if (!option.StartsWith("idmap=", StringComparison.Ordinal) && option is not (IdMapArgument.MatchUser or "cached" or "delegated" or "consistent" or "ro" or "rw" or "nocopy" or "z" or "Z" or "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave"))
            {
                return false;
            }
        }

        return true;
    }

    private static SampanException Invalid(string text, string reason) =>
        SampanException.InvalidArgument($"invalid volume specification: '{text}': {reason}");
}
