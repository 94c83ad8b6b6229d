using Sampan.Flags;

namespace Sampan.Cli.Commands;

/// <summary>--format, with docker's words of help.</summary>
internal static class FormatFlag
{
    private const string Ending = "'json':             Print in JSON format\n'TEMPLATE':         Print output using the given Go template.";

    /// <summary>Declares the flag of a command that lists.</summary>
    /// <param name="flags">Where.</param>
    /// <returns>The flag.</returns>
    public static ValueFlag<string> ForList(FlagSet flags) => flags.Text(
        "format",
        '\0',
        "Format output using a custom template:\n"
            + "'table':            Print output in table format with column headers (default)\n"
            + "'table TEMPLATE':   Print output in table format using the given Go template\n"
            + Ending);

    /// <summary>Declares the flag of a command that shows one object.</summary>
    /// <param name="flags">Where.</param>
    /// <returns>The flag.</returns>
    public static ValueFlag<string> ForObject(FlagSet flags) => flags.Text("format", 'f', "Format output using a custom template:\n" + Ending);
}
