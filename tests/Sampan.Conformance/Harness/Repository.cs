namespace Sampan.Conformance.Harness;

/// <summary>Where the sources are.</summary>
public static class Repository
{
    /// <summary>The folder that holds Sampan.slnx.</summary>
    public static string Folder { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sampan.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not built inside the repository");
        }

        return folder;
    }
}
