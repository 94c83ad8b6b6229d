using System.Runtime.CompilerServices;

namespace Sampan.EndToEnd.Harness;

/// <summary>
/// Keeps every command that tests start away from registries outside this machine, since an image that is not there is looked for at docker.io, and
/// from the machine's own network: only who names a network has one. Tests of networks have a network namespace of their own, and the usual there.
/// </summary>
internal static class Seclusion
{
    /// <summary>Names the configuration that does so, in the environment that all commands inherit.</summary>
    [ModuleInitializer]
    internal static void Begin()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Sampan.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not built inside the repository");
        }

        Environment.SetEnvironmentVariable("SAMPAN_CONFIG", Path.Combine(folder, "tests/Sampan.EndToEnd/Harness/Configuration"));
    }
}
