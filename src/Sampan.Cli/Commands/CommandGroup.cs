namespace Sampan.Cli.Commands;

/// <summary>A word that other commands follow: "container", "image", "volume".</summary>
/// <param name="Name">The word.</param>
/// <param name="Summary">One line of help.</param>
internal sealed record CommandGroup(string Name, string Summary);
