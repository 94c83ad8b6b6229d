using Sampan.Flags;
using Sampan.Linux.Files;

namespace Sampan.RuntimeCli.Commands;

/// <summary>Help, in the order of runc's.</summary>
internal static class HelpText
{
    public const string Program = "sampan-runtime";

    /// <summary>Version of the runtime specification this implements.</summary>
    public const string SpecVersion = "1.3.0";

    public static string Version => typeof(HelpText).Assembly.GetName().Version is { } version ? version.ToString(3) : "0";

    public static void WriteVersion(TextOutput output) =>
        output.WriteLine($"{Program} version {Version}").WriteLine($"spec: {SpecVersion}");

    public static void Write(TextOutput output, FlagSet globals)
    {
        output.WriteLine("NAME:").WriteLine($"   {Program} - Open Container Initiative runtime").WriteLine();
        output.WriteLine("USAGE:").WriteLine($"   {Program} [global options] command [command options] [arguments...]").WriteLine();
        output.WriteLine("COMMANDS:");
        foreach (var entry in CommandTable.Entries)
        {
            output.WriteLine($"   {entry.Name,-11} {entry.Summary}");
        }

        output.WriteLine($"   {"help, h",-11} shows a list of commands or help for one command");
        output.WriteLine().WriteLine("GLOBAL OPTIONS:");
        Write(output, globals.All);
    }

    public static void Write(TextOutput output, CommandEntry entry, Command command)
    {
        output.WriteLine("NAME:").WriteLine($"   {Program} {entry.Name} - {entry.Summary}").WriteLine();
        output.WriteLine("USAGE:").WriteLine($"   {Program} {entry.Name} {command.Usage}");
        output.WriteLine().WriteLine("OPTIONS:");
        Write(output, command.Flags.All);
    }

    private static void Write(TextOutput output, IReadOnlyList<Flag> flags)
    {
        foreach (var flag in flags)
        {
            if (!flag.Hidden)
            {
                var names = flag.Shorthand == '\0' ? $"--{flag.Name}" : $"--{flag.Name}, -{flag.Shorthand}";
                var initial = flag.DefaultText.Length == 0 ? "" : $" (default: {flag.DefaultText})";
                Write(output, flag.IsSwitch ? names : $"{names} value", flag.Help + initial);
            }
        }

        Write(output, "--help, -h", "show help");
    }

    private static void Write(TextOutput output, string flag, string help) => output.WriteLine($"   {flag,-30} {help}");
}
