using System.Globalization;

namespace Sampan.Registries.Toml;

/// <summary>
/// Reads the part of TOML 1.0 that configuration files are written in: tables, arrays of tables, dotted keys, strings on one line,
/// whole numbers, truth values, arrays, inline tables. The rest (dates, floats, strings over several lines) is refused, not guessed.
/// </summary>
internal static class TomlReader
{
    private const int DeepestArray = 16;

    /// <exception cref="TomlException">It is not TOML, or not that part of it.</exception>
    public static TomlTable Parse(string text)
    {
        var scanner = new TomlScanner(text.StartsWith('\ufeff') ? text[1..] : text);
        var root = new TomlTable(1);
        var current = root;

        // A table may be named once by a header of its own.
        var opened = new HashSet<TomlTable>(ReferenceEqualityComparer.Instance);
        for (scanner.SkipLines(); !scanner.AtEnd; scanner.SkipLines())
        {
            if (scanner.Current != '[')
            {
                ReadPair(scanner, current, 0);
                scanner.EndLine();
                continue;
            }

            var isArray = scanner.TryTake("[[");
            if (!isArray)
            {
                scanner.Take("[");
            }

            var key = scanner.TakeKey();
            scanner.Take(isArray ? "]]" : "]");
            current = isArray ? AppendTable(root, key, scanner) : OpenTable(root, key, scanner, opened);
            scanner.EndLine();
        }

        return root;
    }

    private static TomlTable AppendTable(TomlTable root, List<string> key, TomlScanner scanner)
    {
        var parent = Descend(root, key, scanner);
        var table = new TomlTable(scanner.Line);
        switch (parent[key[^1]])
        {
            case null:
                parent.Add(key[^1], new List<object> { table }, scanner.Line);
                break;
            case List<object> list when list.Count > 0 && list.TrueForAll(static item => item is TomlTable { IsSealed: false }):
                list.Add(table);
                break;
            default:
                throw scanner.Error($"{string.Join('.', key)} is something else already");
        }

        return table;
    }

    private static TomlTable OpenTable(TomlTable root, List<string> key, TomlScanner scanner, HashSet<TomlTable> opened)
    {
        var parent = Descend(root, key, scanner);
        if (parent[key[^1]] is null)
        {
            parent.Add(key[^1], new TomlTable(scanner.Line), scanner.Line);
        }

        return parent[key[^1]] is TomlTable table && !table.IsSealed && opened.Add(table) ? table : throw scanner.Error($"{string.Join('.', key)} is given a second time");
    }

    // The table that holds the last part of a key; those between are made, and of an array the last item is meant.
    private static TomlTable Descend(TomlTable table, List<string> key, TomlScanner scanner)
    {
        for (var index = 0; index < key.Count - 1; index++)
        {
            if (table[key[index]] is null)
            {
                table.Add(key[index], new TomlTable(scanner.Line), scanner.Line);
            }

            table = table[key[index]] switch
            {
                TomlTable next => next,
                List<object> list when list.Count > 0 && list[^1] is TomlTable last => last,
                _ => throw scanner.Error($"{string.Join('.', key)}: {key[index]} is no table"),
            };
        }

        return table;
    }

    private static void ReadPair(TomlScanner scanner, TomlTable table, int depth)
    {
        var key = scanner.TakeKey();
        scanner.Take("=");
        scanner.SkipBlanks();
        var line = scanner.Line;
        Descend(table, key, scanner).Add(key[^1], ReadValue(scanner, depth), line);
    }

    private static object ReadValue(TomlScanner scanner, int depth)
    {
        if (depth > DeepestArray)
        {
            throw scanner.Error($"nested deeper than {DeepestArray} levels");
        }

        switch (scanner.Current)
        {
            case '"' or '\'':
                return scanner.TakeString();
            case '[':
                return ReadArray(scanner, depth);
            case '{':
                return ReadInlineTable(scanner, depth);
            default:
                var word = scanner.TakeWord();
                return word is "true" or "false" ? word == "true" : (object)ReadNumber(scanner, word);
        }
    }

    private static long ReadNumber(TomlScanner scanner, string word) =>
        long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw scanner.Error(word.Length == 0 ? "a value is expected" : $"\"{word}\" is no string, whole number, true or false: strings need quotes");

    private static List<object> ReadArray(TomlScanner scanner, int depth)
    {
        List<object> items = [];
        scanner.Take("[");
        for (scanner.SkipLines(); !scanner.TryTake("]"); scanner.SkipLines())
        {
            items.Add(ReadValue(scanner, depth + 1));
            scanner.SkipLines();
            if (!scanner.TryTake(",") && scanner.Current != ']')
            {
                throw scanner.Error("a comma or the end of the array is expected");
            }
        }

        return items;
    }

    private static TomlTable ReadInlineTable(TomlScanner scanner, int depth)
    {
        var table = new TomlTable(scanner.Line);
        scanner.Take("{");
        scanner.SkipBlanks();
        if (!scanner.TryTake("}"))
        {
            do
            {
                ReadPair(scanner, table, depth + 1);
                scanner.SkipBlanks();
            }
            while (scanner.TryTake(","));
            scanner.Take("}");
        }

        table.IsSealed = true;
        return table;
    }
}
