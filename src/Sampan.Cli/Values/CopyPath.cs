namespace Sampan.Cli.Values;

/// <summary>A side of cp: CONTAINER:PATH, or a path of the host. As with docker a host path with a colon begins with "/" or ".".</summary>
/// <param name="Container">Name or id; empty for the host.</param>
/// <param name="Path">The path; "-" is a stream.</param>
internal readonly record struct CopyPath(string Container, string Path)
{
    /// <summary>A tar stream: standard input or output.</summary>
    public bool IsStream => Container.Length == 0 && Path == "-";

    /// <summary>Reads one side.</summary>
    /// <param name="text">The argument.</param>
    /// <returns>Its parts.</returns>
    public static CopyPath Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return text.StartsWith('/') || text.StartsWith('.') || colon < 0 ? new("", text) : new(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>The host path made absolute, with the slash or the slash and dot it ends in.</summary>
    /// <returns>An absolute path.</returns>
    public string ToAbsolute()
    {
        var absolute = System.IO.Path.GetFullPath(Path);
        if (Path == "." || Path.EndsWith("/.", StringComparison.Ordinal))
        {
            return absolute.TrimEnd('/') + "/.";
        }

        return Path.EndsWith('/') ? absolute.TrimEnd('/') + "/" : absolute;
    }
}
