namespace Sampan.Compat.Cli;

/// <summary>One command line and what comes of it.</summary>
/// <param name="Line">The words after the program's name, as for a shell; "engine" in them is the program again.</param>
/// <param name="Notes">Comments before it.</param>
public sealed record Case(string Line, IReadOnlyList<string> Notes)
{
    /// <summary>What docker makes of it.</summary>
    public required Outcome Expected { get; init; }

    /// <summary>Why Sampan makes something else of it; null where it does not.</summary>
    public string? Reason { get; init; }

    /// <summary>What that is.</summary>
    public Outcome? Differing { get; init; }

    /// <summary>What Sampan makes of it.</summary>
    public Outcome OfSampan => Differing ?? Expected;
}
