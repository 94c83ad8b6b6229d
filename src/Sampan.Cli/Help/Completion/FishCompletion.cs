using System.Text;
using Sampan.Cli.Commands;
using Sampan.Flags;

namespace Sampan.Cli.Help.Completion;

/// <summary>Completion for fish, which takes a line per flag and argument instead of a function.</summary>
internal static class FishCompletion
{
    // __sampan_words: what is typed, without flags. __sampan_at: those words begin so. __sampan_ask: sampan for the same installation.
    private const string Functions = """
        # fish completion for sampan: made by 'sampan completion fish'

        function __sampan_words
            set -l skip
            for word in (commandline -opc)[2..-1]
                if set -q skip[1]
                    set -e skip
                else if contains -- $word --root --state
                    set skip 1
                else if not string match -q -- '-*' $word
                    echo $word
                end
            end
        end

        function __sampan_at
            set -l words (__sampan_words)
            set -l wanted (string split ' ' -- $argv[1])
            set -l count (count $wanted)
            test (count $words) -ge $count; and test "$words[1..$count]" = "$argv[1]"
        end

        function __sampan_in
            set -l words (__sampan_words)
            test "$words" = "$argv[1]"
        end

        function __sampan_ask
            set -l words (commandline -opc)
            set -l globals
            for i in (seq 2 (count $words))
                switch $words[$i]
                    case --root --state
                        set -a globals $words[$i] $words[(math $i + 1)]
                    case '--root=*' '--state=*'
                        set -a globals $words[$i]
                end
            end
            sampan $globals $argv 2>/dev/null
        end

        complete -c sampan -f

        """;

    /// <summary>The script.</summary>
    /// <param name="globals">Flags before the command.</param>
    /// <returns>The script.</returns>
    public static string Format(FlagSet globals)
    {
        var script = new StringBuilder(Functions);
        AppendFlags(script, globals, "'__sampan_in \"\"'");
        foreach (var group in CommandTable.Groups)
        {
            script.Append($"complete -c sampan -n '__sampan_in \"\"' -a {group.Name} -d {Quote(group.Summary)}\n");
        }

        foreach (var entry in CommandTable.Entries)
        {
            if (entry.Hidden)
            {
                continue;
            }

            var command = entry.Create();
            foreach (var path in entry.Paths)
            {
                var words = path.Split(' ');
                var condition = $"'__sampan_at \"{path}\"'";
                script.Append($"complete -c sampan -n '__sampan_in \"{(words.Length == 1 ? "" : words[0])}\"' -a {words[^1]} -d {Quote(entry.Summary)}\n");
                AppendFlags(script, command.Flags, condition);
                if (command.Completes == ArgumentKind.NetworkAndContainer)
                {
                    script.Append($"complete -c sampan -n '__sampan_in \"{path}\"' -a {Arguments(ArgumentKind.Networks)}\n");
                    script.Append($"complete -c sampan -n '__sampan_at \"{path}\"; and not __sampan_in \"{path}\"' -a {Arguments(ArgumentKind.Containers)}\n");
                }

                script.Append(Arguments(command.Completes) is { } arguments ? $"complete -c sampan -n {condition} -a {arguments}\n" : "");
            }
        }

        return script.ToString();
    }

    private static void AppendFlags(StringBuilder script, FlagSet flags, string condition)
    {
        foreach (var flag in FlagHelp.Visible(flags))
        {
            var shorthand = flag.Shorthand == '\0' ? "" : $" -s {flag.Shorthand}";
            var value = flag.IsSwitch ? "" : " -r";
            script.Append($"complete -c sampan -n {condition} -l {flag.Name}{shorthand}{value} -d {Quote(flag.Help)}\n");
        }
    }

    private static string? Arguments(ArgumentKind kind) => kind switch
    {
        ArgumentKind.Containers => "\"(__sampan_ask ps -a --format '{{.Names}}')\"",
        ArgumentKind.RunningContainers => "\"(__sampan_ask ps --format '{{.Names}}')\"",
        ArgumentKind.Images => "\"(__sampan_ask images --filter dangling=false --format '{{.Repository}}:{{.Tag}}')\"",
        ArgumentKind.Networks => "\"(__sampan_ask network ls --format '{{.Name}}')\"",
        ArgumentKind.Volumes => "\"(__sampan_ask volume ls -q)\"",
        ArgumentKind.Files => "\"(__fish_complete_path)\"",
        _ => null,
    };

    private static string Quote(string text)
    {
        var line = text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? text[..end].TrimEnd(':') : text;
        return "'" + line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
    }
}
