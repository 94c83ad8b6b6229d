namespace Sampan.Compat.Cli;

/// <summary>Command lines that build on each other, with nothing there at the beginning but the image busybox.</summary>
/// <param name="File">The table it is in, without its extension.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Cases">The lines.</param>
public sealed record Scenario(string File, string Title, IReadOnlyList<Case> Cases)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}: {Title}";
}
