using Sampan.Linux.Files;
using Sampan.RuntimeCli.Commands;
using Sampan.RuntimeCli.Startup;

namespace Sampan.RuntimeCli;

/// <summary>The program: an OCI runtime with runc's command line.</summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        EarlyStart.RestoreMask();
        using var output = new TextOutput(1);
        using var error = new TextOutput(2);
        return new CommandLine(output, error).Run(words);
    }
}
