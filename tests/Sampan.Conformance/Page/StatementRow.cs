using System.Reflection;

namespace Sampan.Conformance.Page;

/// <summary>One statement as it is listed: a fact, or a theory with one of its first arguments.</summary>
/// <param name="Method">The test.</param>
/// <param name="Statement">What it states.</param>
/// <param name="Argument">The first argument of a theory; null for a fact.</param>
internal sealed record StatementRow(MethodInfo Method, StatementAttribute Statement, string? Argument)
{
    // The order of the page is that of the specification.
    private static readonly string[] Documents = ["runtime.md", "config.md", "config-linux.md", "runtime-linux.md", "features.md", "features-linux.md", "runc "];

    /// <summary>The key under which results are recorded.</summary>
    public string Key => ResultLog.Key(Method.DeclaringType!, Method.Name, Argument);

    /// <summary>The test as the page names it.</summary>
    public string Test => $"{Method.DeclaringType!.Name}.{Method.Name}";

    /// <summary>Every row of the suite, in the order of the specification's documents.</summary>
    public static IReadOnlyList<StatementRow> All { get; } =
    [
        .. Methods().SelectMany(Rows)
            .OrderBy(row => Array.FindIndex(Documents, name => row.Statement.Section.StartsWith(name, StringComparison.Ordinal)))
            .ThenBy(row => row.Statement.Section, StringComparer.Ordinal),
    ];

    /// <summary>Every test method of a statement, and those that forgot theirs.</summary>
    public static IEnumerable<MethodInfo> Methods() =>
        typeof(StatementTest).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(StatementTest)))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null);

    /// <summary>Whether a section is of a document the page knows.</summary>
    public static bool IsKnown(string section) => Documents.Any(name => section.StartsWith(name, StringComparison.Ordinal));

    private static IEnumerable<StatementRow> Rows(MethodInfo method)
    {
        if (method.GetCustomAttribute<StatementAttribute>() is not { } statement)
        {
            return [];
        }

        var data = method.GetCustomAttributes<InlineDataAttribute>().ToList();
        return data.Count == 0 ? [new StatementRow(method, statement, null)] : data.Select(item => new StatementRow(method, statement, item.Data[0]!.ToString()));
    }
}
