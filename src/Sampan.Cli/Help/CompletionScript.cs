using System.Text;
using Sampan.Cli.Commands;
using Sampan.Flags;

namespace Sampan.Cli.Help;

/// <summary>
/// Completion for the shells, written out whole from the command table: the shell starts sampan only to ask for names of containers,
/// images and volumes.
/// </summary>
internal static class CompletionScript
{
    /// <summary>The script for bash.</summary>
    /// <param name="globals">Flags before the command.</param>
    /// <returns>The script.</returns>
    public static string ForBash(FlagSet globals)
    {
        var script = new StringBuilder("# bash completion for sampan: made by 'sampan completion bash'\n\n_sampan() {\n");
        AppendWalk(script, "COMP_WORDS", "COMP_CWORD", first: 1);
        script.Append(
            $$"""
                COMPREPLY=()
                if [[ $cur == -* ]]; then
                    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
                    return
                fi
                case $kind in
                    commands) COMPREPLY=($(compgen -W "$commands" -- "$cur")) ;;
                    containers) COMPREPLY=($(compgen -W "$(sampan ps -a --format '{{"{{.Names}}"}}' 2>/dev/null)" -- "$cur")) ;;
                    images) COMPREPLY=($(compgen -W "$(sampan images --format '{{"{{.Repository}}:{{.Tag}}"}}' 2>/dev/null)" -- "$cur")) ;;
                    volumes) COMPREPLY=($(compgen -W "$(sampan volume ls -q 2>/dev/null)" -- "$cur")) ;;
                    *) compopt -o default ;;
                esac
            }

            complete -F _sampan sampan

            """);
        return script.ToString().Replace("__GLOBALS__", Names(globals), StringComparison.Ordinal);
    }

    /// <summary>The script for zsh.</summary>
    /// <inheritdoc cref="ForBash"/>
    public static string ForZsh(FlagSet globals)
    {
        var script = new StringBuilder("#compdef sampan\n# zsh completion for sampan: made by 'sampan completion zsh'\n\n_sampan() {\n    emulate -L zsh\n");
        AppendWalk(script, "words", "CURRENT", first: 2);
        script.Append(
            $$"""
                if [[ $cur == -* ]]; then
                    compadd -- ${=flags}
                    return
                fi
                case $kind in
                    commands) compadd -- ${=commands} ;;
                    containers) compadd -- ${(f)"$(sampan ps -a --format '{{"{{.Names}}"}}' 2>/dev/null)"} ;;
                    images) compadd -- ${(f)"$(sampan images --format '{{"{{.Repository}}:{{.Tag}}"}}' 2>/dev/null)"} ;;
                    volumes) compadd -- ${(f)"$(sampan volume ls -q 2>/dev/null)"} ;;
                    *) _files ;;
                esac
            }

            if [[ $funcstack[1] == _sampan ]]; then
                _sampan "$@"
            else
                compdef _sampan sampan
            fi

            """);
        return script.ToString().Replace("__GLOBALS__", Names(globals), StringComparison.Ordinal);
    }

    /// <summary>The script for fish.</summary>
    /// <inheritdoc cref="ForBash"/>
    public static string ForFish(FlagSet globals)
    {
        var script = new StringBuilder("# fish completion for sampan: made by 'sampan completion fish'\n\ncomplete -c sampan -f\n");
        AppendFishFlags(script, globals, "__fish_use_subcommand");
        foreach (var group in CommandTable.Groups)
        {
            script.Append($"complete -c sampan -n __fish_use_subcommand -a {group.Name} -d {Quote(group.Summary)}\n");
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
                var condition = words.Length == 1
                    ? $"'test (count (commandline -opc)) -gt 1; and test (commandline -opc)[2] = {words[0]}'"
                    : $"'__fish_seen_subcommand_from {words[0]}; and __fish_seen_subcommand_from {words[1]}'";
                var parent = words.Length == 1
                    ? "__fish_use_subcommand"
                    : $"'__fish_seen_subcommand_from {words[0]}; and test (count (commandline -opc)) -eq 2'";
                script.Append($"complete -c sampan -n {parent} -a {words[^1]} -d {Quote(entry.Summary)}\n");
                AppendFishFlags(script, command.Flags, condition);
                script.Append(FishArguments(command.Completes) is { } arguments ? $"complete -c sampan -n {condition} -a {arguments}\n" : "");
            }
        }

        return script.ToString();
    }

    // Walks over the words before the cursor and leaves what may follow in flags, kind and commands. Runs in bash and zsh.
    private static void AppendWalk(StringBuilder script, string words, string current, int first)
    {
        script.Append($"    local cur=${{{words}[{current}]}} path= flags= kind=commands commands= word skip= i\n");
        script.Append($"    for ((i = {first}; i < {current}; i++)); do\n        word=${{{words}[i]}}\n");
        script.Append("        if [[ -n $skip ]]; then skip=; continue; fi\n");
        script.Append("        case $word in\n            --root|--state) skip=1 ;;\n            -*) ;;\n");
        script.Append("            *) path=\"${path:+$path }$word\" ;;\n        esac\n    done\n    case $path in\n");
        script.Append("        '') flags='__GLOBALS__' commands='").Append(string.Join(' ', TopLevel())).Append("' ;;\n");
        foreach (var group in CommandTable.Groups)
        {
            script.Append($"        {group.Name}) flags=--help commands='{string.Join(' ', Members(group))}' ;;\n");
        }

        foreach (var entry in CommandTable.Entries)
        {
            if (!entry.Hidden)
            {
                AppendCase(script, entry);
            }
        }

        script.Append("    esac\n");
    }

    private static void AppendCase(StringBuilder script, CommandEntry entry)
    {
        var command = entry.Create();
        script.Append("        ");
        for (var i = 0; i < entry.Paths.Length; i++)
        {
            script.Append(i == 0 ? "" : "|").Append($"'{entry.Paths[i]}'");

            // Where further arguments are of the same kind, the pattern goes on matching after the first.
            script.Append(command.Interspersed ? $"|'{entry.Paths[i]} '*" : "");
        }

        var kind = command.Completes.ToString().ToLowerInvariant();
        script.Append(") flags='").Append(Names(command.Flags)).Append($"' kind={kind} ;;\n");
    }

    private static List<string> TopLevel()
    {
        var names = new List<string>();
        foreach (var entry in CommandTable.Entries)
        {
            if (!entry.Hidden && entry.TopLevelName is { } name)
            {
                names.Add(name);
            }
        }

        foreach (var group in CommandTable.Groups)
        {
            names.Add(group.Name);
        }

        names.Add("help");
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static List<string> Members(CommandGroup group)
    {
        var names = new List<string>();
        foreach (var entry in CommandTable.Entries)
        {
            if (!entry.Hidden && entry.NameIn(group.Name) is { } name)
            {
                names.Add(name);
            }
        }

        return names;
    }

    private static string Names(FlagSet flags)
    {
        var names = new List<string>();
        foreach (var flag in FlagHelp.Visible(flags))
        {
            names.Add("--" + flag.Name);
            if (flag.Shorthand != '\0')
            {
                names.Add("-" + flag.Shorthand);
            }
        }

        names.Add("--help");
        return string.Join(' ', names);
    }

    private static void AppendFishFlags(StringBuilder script, FlagSet flags, string condition)
    {
        foreach (var flag in FlagHelp.Visible(flags))
        {
            var shorthand = flag.Shorthand == '\0' ? "" : $" -s {flag.Shorthand}";
            var value = flag.IsSwitch ? "" : " -r";
            script.Append($"complete -c sampan -n {condition} -l {flag.Name}{shorthand}{value} -d {Quote(flag.Help)}\n");
        }
    }

    private static string? FishArguments(ArgumentKind kind) => kind switch
    {
        ArgumentKind.Containers => "\"(sampan ps -a --format '{{.Names}}' 2>/dev/null)\"",
        ArgumentKind.Images => "\"(sampan images --format '{{.Repository}}:{{.Tag}}' 2>/dev/null)\"",
        ArgumentKind.Volumes => "\"(sampan volume ls -q 2>/dev/null)\"",
        ArgumentKind.Files => "\"(__fish_complete_path)\"",
        _ => null,
    };

    private static string Quote(string text)
    {
        var line = text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? text[..end].TrimEnd(':') : text;
        return "'" + line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";
    }
}
