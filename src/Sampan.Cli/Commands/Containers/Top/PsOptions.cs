using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers.Top;

/// <summary>
/// The options of ps(1) that say which columns are shown: -e -f -A -ef -o, and BSD's a u x o. Those that choose processes by something else
/// than the container are refused, since nothing but /proc is asked.
/// </summary>
internal static class PsOptions
{
    /// <summary>Reads the options.</summary>
    /// <param name="words">The options; none are -ef.</param>
    /// <returns>The columns.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an option that is not known, or no column PID.</exception>
    public static IReadOnlyList<ProcessColumn> Columns(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return ProcessColumn.Full;
        }

        var custom = new List<ProcessColumn>();
        var (full, user, bsd) = (false, false, false);
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word is "--format" || word.StartsWith("--format=", StringComparison.Ordinal))
            {
                AddColumns(custom, word.Length > 8 ? word[9..] : Next(words, ref i, "--format"));
                continue;
            }

            var isUnix = word.StartsWith('-');
            for (var at = isUnix ? 1 : 0; at < word.Length; at++)
            {
                switch (word[at])
                {
                    case 'e' or 'A' when isUnix:
                        break;
                    case 'f' when isUnix:
                        full = true;
                        break;
                    case 'a' or 'x':
                        bsd |= !isUnix;
                        break;
                    case 'u':
                        // ps takes "-aux" for BSD's as long as there is no user called x.
                        user = true;
                        break;
                    case 'o':
                        AddColumns(custom, at + 1 < word.Length ? word[(at + 1)..] : Next(words, ref i, "o"));
                        at = word.Length;
                        break;
                    default:
                        throw SampanException.InvalidArgument(
                            $"unsupported ps option \"{word}\": processes are read from /proc and not with ps; known are -e, -f, -A, -o COLUMNS, and a, u, x, o COLUMNS");
                }
            }
        }

        var columns = custom.Count > 0 ? custom : user ? ProcessColumn.BsdUser : full ? ProcessColumn.Full : bsd ? ProcessColumn.Bsd : ProcessColumn.Short;
        foreach (var column in columns)
        {
            if (column.Heading == "PID")
            {
                return columns;
            }
        }

        throw SampanException.InvalidArgument("Couldn't find PID field in ps output");
    }

    private static string Next(IReadOnlyList<string> words, ref int at, string option) =>
        ++at < words.Count ? words[at] : throw SampanException.InvalidArgument($"ps option {option}: a list of columns must follow, such as pid,args");

    // "pid,comm", "pid comm", and "pid=NUMBER", whose heading goes to the end of the list.
    private static void AddColumns(List<ProcessColumn> columns, string list)
    {
        var equals = list.IndexOf('=', StringComparison.Ordinal);
        var names = (equals < 0 ? list : list[..equals]).Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names)
        {
            columns.Add(ProcessColumn.Find(name));
        }

        if (equals >= 0 && names.Length > 0)
        {
            columns[^1] = columns[^1] with { Heading = list[(equals + 1)..] };
        }
    }
}
