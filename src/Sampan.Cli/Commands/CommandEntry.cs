namespace Sampan.Cli.Commands;

/// <summary>A line of the command table.</summary>
/// <param name="Paths">All ways to call it, in the order help lists them: "container ls", "ps".</param>
/// <param name="Summary">One line of help.</param>
/// <param name="Create">Makes the command; only the one that runs is made.</param>
internal sealed record CommandEntry(string[] Paths, string Summary, Func<Command> Create)
{
    /// <summary>Not in help and completion.</summary>
    public bool Hidden { get; init; }

    /// <summary>Its help says, as docker's does, that it may change.</summary>
    public bool IsExperimental { get; init; }

    /// <summary>The name without a group, or null when the command lives in a group only.</summary>
    public string? TopLevelName
    {
        get
        {
            foreach (var path in Paths)
            {
                if (!path.Contains(' ', StringComparison.Ordinal))
                {
                    return path;
                }
            }

            return null;
        }
    }

    /// <summary>The name help lists in a group, or null when it is not in that group.</summary>
    /// <param name="group">Name of the group.</param>
    /// <returns>The name without the group's.</returns>
    public string? NameIn(string group)
    {
        foreach (var path in Paths)
        {
            if (path.Length > group.Length && path[group.Length] == ' ' && path.StartsWith(group, StringComparison.Ordinal))
            {
                return path[(group.Length + 1)..];
            }
        }

        return null;
    }
}
