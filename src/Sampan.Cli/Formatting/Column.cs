namespace Sampan.Cli.Formatting;

/// <summary>A field of a list: its name in formats, its heading in tables, its text for one row.</summary>
/// <typeparam name="T">What a row shows.</typeparam>
/// <param name="Name">Name in formats ("Names").</param>
/// <param name="Heading">Heading in tables ("NAMES").</param>
/// <param name="Text">The text of a row.</param>
internal sealed record Column<T>(string Name, string Heading, Func<T, string> Text);
