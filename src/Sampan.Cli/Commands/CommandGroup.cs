namespace Sampan.Cli.Commands;

/// <summary>A word that other commands follow: "container", "image", "volume".</summary>
/// <param name="Name">The word.</param>
/// <param name="Summary">One line of help.</param>
internal sealed record CommandGroup(string Name, string Summary)
{
    /// <summary>What its own help says in place of the line.</summary>
    public string? Description { get; init; }

    /// <summary>Its help says, as docker's does, that it may change.</summary>
    public bool IsExperimental { get; init; }
}
