using System.Diagnostics;

namespace Sampan.Registries.Tests.Harness;

/// <summary>Programs of the distribution.</summary>
internal static class Programs
{
    private static readonly Lock Gate = new();

    private static string Repository { get; } = FindRepository();

    /// <summary>Installs a package of the distribution where a program of it is missing (eng/require.sh).</summary>
    public static void Require(string package, string probe, string purpose)
    {
        lock (Gate)
        {
            Run("/bin/bash", "-c", ". \"$1/eng/require.sh\"; require \"$2\" \"$3\" \"$4\"", "bash", Repository, package, probe, purpose);
        }
    }

    /// <summary>Runs a program to its end and asserts success.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}: {output}{error.Result}");
        return output;
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
