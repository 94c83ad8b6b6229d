using System.Xml.Linq;

namespace Sampan.Architecture.Tests;

/// <summary>The checked-out repository these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The absolute path of the folder that holds Sampan.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The production projects' files.</summary>
    public static IReadOnlyList<string> SourceProjects { get; } = Find("src", "*.csproj");

    /// <summary>The test projects' files.</summary>
    public static IReadOnlyList<string> TestProjects { get; } = Find("tests", "*.csproj");

    /// <summary>Every C# file of the production projects.</summary>
    public static IReadOnlyList<string> SourceFiles { get; } = Find("src", "*.cs");

    /// <summary>Every C# file of the tests.</summary>
    public static IReadOnlyList<string> TestFiles { get; } = Find("tests", "*.cs");

    /// <summary>Every Markdown page.</summary>
    public static IReadOnlyList<string> Documents { get; } =
        [.. Directory.GetFiles(Root, "*.md"), .. Find("docs", "*.md"), .. Find("bench", "*.md")];

    /// <summary>A file's path relative to the root, for messages.</summary>
    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    /// <summary>Reads a file named relative to the root.</summary>
    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative));

    /// <summary>The project names (without folder and extension) that a project file refers to.</summary>
    public static IReadOnlyList<string> References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))];

    private static string[] Find(string folder, string pattern)
    {
        var path = Path.Combine(Root, folder);
        return Directory.Exists(path) ? [.. Directory.GetFiles(path, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sampan.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not built inside the repository");
        }

        return folder;
    }
}
