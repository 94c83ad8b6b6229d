using Sampan.Cli.Commands;
using Sampan.Linux.Files;

namespace Sampan.Cli;

/// <summary>The program: the command line becomes a command (<see cref="CommandTable"/>), the command an exit code.</summary>
internal static class Program
{
    private static int Main(string[] words)
    {
        using var output = new TextOutput(1);
        using var error = new TextOutput(2);
        return new CommandLine(output, error).Run(words);
    }
}
