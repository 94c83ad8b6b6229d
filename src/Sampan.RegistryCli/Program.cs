using Sampan.Cli.Commands;
using Sampan.Linux.Files;

namespace Sampan.RegistryCli;

/// <summary>sampan's commands that speak to registries. sampan runs it; its command line is sampan's.</summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        using var output = new TextOutput(1);
        using var error = new TextOutput(2);
        using var registries = new RegistryService();
        return new CommandLine(output, error) { Registries = registries }.Run(words);
    }
}
