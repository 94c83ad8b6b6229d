using System.Text;
using Sampan.Cli.Commands;
using Sampan.Flags;

namespace Sampan.Cli.Help.Completion;

/// <summary>
/// The part of a completion script that walks over the words before the cursor, in a language bash and zsh share. It leaves what may follow in
/// flags, kind and commands, and the flags that say which installation is meant in globals. Written out from the command table. The command is in
/// "verb": zsh's "path" is PATH.
/// </summary>
internal static class CompletionWalk
{
    /// <summary>Writes it.</summary>
    /// <param name="script">Where to.</param>
    /// <param name="globals">Flags before the command.</param>
    /// <param name="words">Name of the array of words.</param>
    /// <param name="current">Index of the word at the cursor.</param>
    /// <param name="first">Index of the first word after the program's name.</param>
    public static void Append(StringBuilder script, FlagSet globals, string words, string current, int first)
    {
        script.Append(
            $$"""
                local cur=${{{words}}[{{current}}]} verb= flags='{{Names(globals)}}' values='{{Values(globals)}}' kind=commands commands='{{string.Join(' ', TopLevel())}}' word skip= i
                local -a globals
                globals=()
                for ((i = {{first}}; i < {{current}}; i++)); do
                    word=${{{words}}[i]}
                    if [[ -n $skip ]]; then
                        [[ $skip == --root || $skip == --state ]] && globals+=("$skip" "$word")
                        skip=
                        continue
                    fi
                    case $word in
                        --root=*|--state=*) globals+=("$word"); continue ;;
                        -*) [[ " $values " == *" $word "* ]] && skip=$word; continue ;;
                        *) verb="${verb:+$verb }$word" ;;
                    esac
                    flags= values= kind=files commands=
                    case $verb in

            """);
        foreach (var group in CommandTable.Groups)
        {
            script.Append($"            {group.Name}) flags=--help kind=commands commands='{string.Join(' ', Members(group))}' ;;\n");
        }

        foreach (var entry in CommandTable.Entries)
        {
            if (!entry.Hidden)
            {
                AppendCase(script, entry);
            }
        }

        // The value of a flag is a file as likely as anything, but for these.
        script.Append(
            """
                    esac
                done
                case $skip in
                    '') ;;
                    --volumes-from) kind=containers flags= ;;
                    *) kind=files flags= ;;
                esac

            """);
    }

    /// <summary>The names of the flags help shows.</summary>
    /// <param name="flags">The flags.</param>
    /// <returns>--long and -s, separated by blanks.</returns>
    private static string Names(FlagSet flags)
    {
        var names = new List<string>();
        foreach (var flag in FlagHelp.Visible(flags))
        {
            AddNames(names, flag);
        }

        names.Add("--help");
        return string.Join(' ', names);
    }

    private static string Values(FlagSet flags)
    {
        var names = new List<string>();
        foreach (var flag in FlagHelp.Visible(flags))
        {
            if (!flag.IsSwitch)
            {
                AddNames(names, flag);
            }
        }

        return string.Join(' ', names);
    }

    private static void AddNames(List<string> names, Flag flag)
    {
        names.Add("--" + flag.Name);
        if (flag.Shorthand != '\0')
        {
            names.Add("-" + flag.Shorthand);
        }
    }

    private static void AppendCase(StringBuilder script, CommandEntry entry)
    {
        var command = entry.Create();
        var flags = $") flags='{Names(command.Flags)}' values='{Values(command.Flags)}' kind=";
        if (command.Completes == ArgumentKind.NetworkAndContainer)
        {
            script.Append($"            '{entry.Paths[0]}'{flags}networks ;;\n            '{entry.Paths[0]} '*{flags}containers ;;\n");
            return;
        }

        script.Append("            ");
        for (var i = 0; i < entry.Paths.Length; i++)
        {
            script.Append(i == 0 ? "" : "|").Append($"'{entry.Paths[i]}'");

            // Where further arguments are of the same kind, the pattern goes on matching after the first.
            script.Append(command.Interspersed ? $"|'{entry.Paths[i]} '*" : "");
        }

        var kind = command.Completes.ToString().ToLowerInvariant();
        script.Append(flags).Append($"{kind} ;;\n");
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
}
