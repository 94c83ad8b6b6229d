using Sampan.Cli.Formatting;

namespace Sampan.Cli.Commands.Registries;

/// <summary>A repository that was found.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says of itself, shortened where asked.</param>
/// <param name="StarCount">How many like it.</param>
/// <param name="IsOfficial">Docker's own.</param>
/// <param name="IsAutomated">Built by a service that is gone.</param>
internal sealed record SearchRow(string Name, string Description, int StarCount, bool IsOfficial, bool IsAutomated)
{
    /// <summary>The fields a format may name, sorted by name.</summary>
    /// <param name="format">The format: as JSON docker says true where a table has [OK].</param>
    /// <returns>The fields.</returns>
    public static IReadOnlyList<Column<SearchRow>> Columns(string format)
    {
        var (yes, no) = format is "json" or "{{json .}}" ? ("true", "false") : ("[OK]", "");
        return
        [
            new("Description", "DESCRIPTION", static row => row.Description),
            new("IsOfficial", "OFFICIAL", row => row.IsOfficial ? yes : no),
            new("Name", "NAME", static row => row.Name),
            new("StarCount", "STARS", static row => row.StarCount.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ];
    }
}
