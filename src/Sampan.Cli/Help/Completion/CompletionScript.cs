using System.Text;
using Sampan.Flags;

namespace Sampan.Cli.Help.Completion;

/// <summary>
/// Completion for the shells, written out whole from the command table: the shell starts sampan only to ask for names of containers,
/// images, networks and volumes, of the installation that --root and --state before the cursor name.
/// </summary>
internal static class CompletionScript
{
    /// <summary>The script for bash.</summary>
    /// <param name="globals">Flags before the command.</param>
    /// <returns>The script.</returns>
    public static string ForBash(FlagSet globals)
    {
        var script = new StringBuilder("# bash completion for sampan: made by 'sampan completion bash'\n\n_sampan() {\n");

        // bash's own words are cut at "=" and ":", which flags and images have inside.
        script.Append(
            """
                local line=${COMP_LINE:0:COMP_POINT}
                local -a words
                read -ra words <<<"$line"
                [[ $line == *[[:space:]] ]] && words+=("")
                local current=$((${#words[@]} - 1))

            """);
        CompletionWalk.Append(script, globals, "words", "current", first: 1);
        script.Append(
            """
                COMPREPLY=()
                if [[ $cur == -* ]]; then
                    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
                    return
                fi
                local names=
                case $kind in
                    commands) names=$commands ;;
                    containers) names=$(sampan "${globals[@]}" ps -a --format '{{.Names}}' 2>/dev/null) ;;
                    runningcontainers) names=$(sampan "${globals[@]}" ps --format '{{.Names}}' 2>/dev/null) ;;
                    images) names=$(sampan "${globals[@]}" images --filter dangling=false --format '{{.Repository}}:{{.Tag}}' 2>/dev/null) ;;
                    networks) names=$(sampan "${globals[@]}" network ls --format '{{.Name}}' 2>/dev/null) ;;
                    volumes) names=$(sampan "${globals[@]}" volume ls -q 2>/dev/null) ;;
                    *) compopt -o default; return ;;
                esac
                COMPREPLY=($(compgen -W "$names" -- "$cur"))
                if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
                    local colon=${cur%"${cur##*:}"} i
                    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]#"$colon"}; done
                fi
            }

            complete -F _sampan sampan

            """);
        return script.ToString();
    }

    /// <summary>The script for zsh.</summary>
    /// <inheritdoc cref="ForBash"/>
    public static string ForZsh(FlagSet globals)
    {
        var script = new StringBuilder("#compdef sampan\n# zsh completion for sampan: made by 'sampan completion zsh'\n\n_sampan() {\n    emulate -L zsh\n");
        CompletionWalk.Append(script, globals, "words", "CURRENT", first: 2);
        script.Append(
            """
                if [[ $cur == -* ]]; then
                    compadd -- ${=flags}
                    return
                fi
                case $kind in
                    commands) compadd -- ${=commands} ;;
                    containers) compadd -- ${(f)"$(sampan $globals ps -a --format '{{.Names}}' 2>/dev/null)"} ;;
                    runningcontainers) compadd -- ${(f)"$(sampan $globals ps --format '{{.Names}}' 2>/dev/null)"} ;;
                    images) compadd -- ${(f)"$(sampan $globals images --filter dangling=false --format '{{.Repository}}:{{.Tag}}' 2>/dev/null)"} ;;
                    networks) compadd -- ${(f)"$(sampan $globals network ls --format '{{.Name}}' 2>/dev/null)"} ;;
                    volumes) compadd -- ${(f)"$(sampan $globals volume ls -q 2>/dev/null)"} ;;
                    *) _files ;;
                esac
            }

            if [[ $funcstack[1] == _sampan ]]; then
                _sampan "$@"
            else
                compdef _sampan sampan
            fi

            """);
        return script.ToString();
    }
}
