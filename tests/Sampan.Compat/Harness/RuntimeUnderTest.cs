namespace Sampan.Compat.Harness;

/// <summary>The OCI runtime the engines are told to use: SAMPAN_COMPAT_RUNTIME, or the one eng/build makes.</summary>
public static class RuntimeUnderTest
{
    /// <summary>The folder that holds Sampan.slnx.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The absolute path of the runtime's binary.</summary>
    public static string Binary { get; } = Find();

    /// <summary>Installs a package of the distribution where a program of it is missing (eng/require.sh).</summary>
    /// <param name="package">The package.</param>
    /// <param name="probe">A command of it, or an absolute path.</param>
    /// <param name="purpose">What for, as the end of a sentence.</param>
    public static void Require(string package, string probe, string purpose)
    {
        // Two fixtures start at once and apt allows one installation at a time.
        lock (Binary)
        {
            using var command = new RunningCommand(
                "/bin/bash",
                ["-c", ". \"$1/eng/require.sh\"; require \"$2\" \"$3\" \"$4\"", "bash", Repository, package, probe, purpose]);
            command.CloseInput();
            command.Wait().ShouldSucceed();
        }
    }

    private static string Find()
    {
        var binary = Environment.GetEnvironmentVariable("SAMPAN_COMPAT_RUNTIME") ?? Path.Combine(FindRepository(), ".build/bin/sampan-runtime");
        return File.Exists(binary) ? Path.GetFullPath(binary) : throw new FileNotFoundException($"no OCI runtime at {binary}: run eng/build or set SAMPAN_COMPAT_RUNTIME");
    }

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sampan.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not built inside the repository");
        }

        return folder;
    }
}
