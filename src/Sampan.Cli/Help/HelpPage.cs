using Sampan.Cli.Commands;
using Sampan.Flags;
using Sampan.Linux.Files;
using Sampan.Linux.Terminals;

namespace Sampan.Cli.Help;

/// <summary>Help in docker's layout.</summary>
/// <param name="output">Where to.</param>
internal sealed class HelpPage(TextOutput output)
{
    private const int NameWidth = 12;

    private static readonly string[] Common = ["run", "exec", "ps", "pull", "push", "images", "login", "logout", "search", "version", "info"];

    /// <summary>Help of the program.</summary>
    /// <param name="globals">Flags before the command.</param>
    public void WriteRoot(FlagSet globals)
    {
        output.WriteLine($"Usage:  {Session.Program} [OPTIONS] COMMAND").WriteLine();
        output.WriteLine("A container engine without a daemon").WriteLine();
        output.WriteLine("Common Commands:");
        foreach (var name in Common)
        {
            WriteName(name, CommandTable.Find([name], out _)!.Summary);
        }

        output.WriteLine().WriteLine("Management Commands:");
        foreach (var group in CommandTable.Groups)
        {
            WriteName(group.Name, group.Summary);
        }

        output.WriteLine().WriteLine("Commands:");
        foreach (var (name, entry) in Sorted(static entry => entry.TopLevelName))
        {
            if (Array.IndexOf(Common, name) < 0)
            {
                WriteName(name, entry.Summary);
            }
        }

        output.WriteLine().WriteLine("Global Options:");
        output.Write(FlagHelp.Format(globals, Width()));
        output.WriteLine().WriteLine($"Run '{Session.Program} COMMAND --help' for more information on a command.");
    }

    /// <summary>Help of a group.</summary>
    /// <param name="group">The group.</param>
    public void WriteGroup(CommandGroup group)
    {
        output.WriteLine($"Usage:  {Session.Program} {group.Name} COMMAND").WriteLine();
        output.WriteLine(group.Description ?? group.Summary);
        WriteNotice(group.IsExperimental, group.Name);
        output.WriteLine().WriteLine("Commands:");
        foreach (var (name, entry) in Sorted(entry => entry.NameIn(group.Name)))
        {
            WriteName(name, entry.Summary);
        }

        output.WriteLine().WriteLine($"Run '{Session.Program} {group.Name} COMMAND --help' for more information on a command.");
    }

    /// <summary>Help of a command.</summary>
    /// <param name="entry">Its line in the table.</param>
    /// <param name="path">The way it was called.</param>
    /// <param name="command">The command.</param>
    public void WriteCommand(CommandEntry entry, string path, Command command)
    {
        output.WriteLine($"Usage:  {Session.Program} {path} {command.Usage}".TrimEnd()).WriteLine();
        output.WriteLine(entry.Summary);
        WriteNotice(entry.IsExperimental, path);
        if (entry.Paths.Length > 1)
        {
            output.WriteLine().WriteLine("Aliases:").Write("  ");
            for (var i = 0; i < entry.Paths.Length; i++)
            {
                output.Write(i == 0 ? "" : ", ").Write(Session.Program).Write(" ").Write(entry.Paths[i]);
            }

            output.WriteLine();
        }

        var flags = FlagHelp.Format(command.Flags, Width());
        if (flags.Length > 0)
        {
            output.WriteLine().WriteLine("Options:").Write(flags);
        }
    }

    private static List<(string Name, CommandEntry Entry)> Sorted(Func<CommandEntry, string?> name)
    {
        var found = new List<(string Name, CommandEntry Entry)>();
        foreach (var entry in CommandTable.Entries)
        {
            if (!entry.Hidden && name(entry) is { } text)
            {
                found.Add((text, entry));
            }
        }

        found.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return found;
    }

    // One column less than the terminal has, as docker's client leaves it.
    private static int Width() => (TerminalSize.TryRead(1) is { Columns: > 0 } size ? size.Columns : 80) - 1;

    // docker's words, and its page for them.
    private void WriteNotice(bool isExperimental, string path)
    {
        if (isExperimental)
        {
            output.WriteLine().WriteLine("EXPERIMENTAL:")
                .WriteLine($"  {Session.Program} {path} is an experimental feature.")
                .WriteLine("  Experimental features provide early access to product functionality. These")
                .WriteLine("  features may change between releases without warning, or can be removed from a")
                .WriteLine("  future release. Learn more about experimental features in our documentation:")
                .WriteLine("  https://docs.docker.com/go/experimental/");
        }
    }

    private void WriteName(string name, string summary) =>
        output.Write("  ").Write(name).Repeat(' ', Math.Max(1, NameWidth - name.Length)).WriteLine(summary);
}
