using System.Text;
using Sampan.Cli.Commands;
using Sampan.Flags;

namespace Sampan.Cli.Help;

/// <summary>sampan(1) in roff (man(7)), made from the command table.</summary>
/// <param name="globals">Flags before the command.</param>
internal sealed class ManualPage(FlagSet globals)
{
    private readonly StringBuilder _page = new();

    /// <summary>Writes the page.</summary>
    /// <returns>Roff.</returns>
    public string Format()
    {
        _page.Append($".TH SAMPAN 1 \"\" \"Sampan {ProductVersion.Text}\" \"User Commands\"\n");
        Section("NAME", "sampan \\- a container engine without a daemon");
        Section("SYNOPSIS", ".B sampan\n[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIARG\\fR...]");
        Section(
            "DESCRIPTION",
            "Sampan runs containers on one Linux host. Its commands, flags, columns and exit codes are docker's. There is no daemon: a small\n"
                + "monitor process holds each container, and every command works on the files below the root directory.");
        _page.Append(".SH OPTIONS\n");
        AppendFlags(globals);
        _page.Append(".SH COMMANDS\n");
        foreach (var entry in CommandTable.Entries)
        {
            if (!entry.Hidden)
            {
                AppendCommand(entry);
            }
        }

        AppendExitStatus();
        AppendFiles();
        Section("SEE ALSO", ".BR namespaces (7),\n.BR cgroups (7),\n.BR capabilities (7),\n.BR seccomp (2)");
        return _page.ToString();
    }

    private void Section(string heading, string text) => _page.Append($".SH {heading}\n{text}\n");

    private void AppendCommand(CommandEntry entry)
    {
        var command = entry.Create();
        _page.Append($".SS {Escape(entry.TopLevelName ?? entry.Paths[0])}\n");
        _page.Append($".B sampan {Escape(entry.TopLevelName ?? entry.Paths[0])}\n{Escape(command.Usage)}\n.PP\n{Escape(entry.Summary)}");
        _page.Append(entry.Summary.EndsWith('.') ? "\n" : ".\n");
        if (entry.Paths.Length > 1)
        {
            _page.Append($"Also: {Escape(string.Join(", ", entry.Paths))}.\n");
        }

        AppendFlags(command.Flags);
    }

    private void AppendFlags(FlagSet flags)
    {
        foreach (var flag in FlagHelp.Visible(flags))
        {
            var value = flag.TypeName.Length == 0 ? "" : $" \\fI{Escape(flag.TypeName)}\\fR";
            var shorthand = flag.Shorthand == '\0' ? "" : $"\\fB\\-{flag.Shorthand}\\fR, ";
            _page.Append($".TP\n{shorthand}\\fB\\-\\-{Escape(flag.Name)}\\fR{value}\n");
            _page.Append(Escape(FlagHelp.Sentence(flag)).Replace("\n", "\n.br\n", StringComparison.Ordinal)).Append('\n');
            foreach (var (name, target) in flags.Aliases)
            {
                if (ReferenceEquals(target, flag) && name != flag.Name)
                {
                    _page.Append($".br\nThe tutorials' spelling: \\fB\\-{Escape(name)}\\fR, \\fB\\-\\-{Escape(name)}\\fR.\n");
                }
            }
        }
    }

    private void AppendExitStatus()
    {
        _page.Append(".SH EXIT STATUS\nThe exit code of \\fBrun\\fR, \\fBexec\\fR, \\fBstart \\-a\\fR and \\fBattach\\fR is the container's, and\n");
        Item("0", "The command succeeded.");
        Item("1", "The engine refused, or a wrong number of arguments was given.");
        Item("125", "A flag was wrong, or run failed before the container's command started.");
        Item("126", "The container's command cannot be executed.");
        Item("127", "The container's command cannot be found.");
        Item("128+n", "The container's command was ended by signal n.");
    }

    private void AppendFiles()
    {
        _page.Append(".SH FILES\n");
        Item("/var/lib/sampan", "Images (an OCI image layout), containers, networks and volumes; see \\-\\-root.");
        Item("/run/sampan", "Sockets of the monitors; see \\-\\-state.");
    }

    private void Item(string term, string text) => _page.Append($".TP\n{term}\n{text}\n");

    private static string Escape(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);

        // A line that begins with a quote or a dot would be a request.
        return escaped.Length > 0 && escaped[0] is '.' or '\'' ? "\\&" + escaped : escaped.Replace("\n'", "\n\\&'", StringComparison.Ordinal);
    }
}
