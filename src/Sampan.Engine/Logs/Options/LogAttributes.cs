using System.Text;
using Sampan.Engine.Containers;

namespace Sampan.Engine.Logs;

/// <summary>What a log says of its container beside the lines: labels and variables chosen with --log-opt labels, labels-regex, env and env-regex.</summary>
internal static class LogAttributes
{
    private const string Unescaped = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";

    /// <summary>Those a container has of the chosen.</summary>
    /// <param name="config">The container's configuration.</param>
    /// <param name="options">Options of the log.</param>
    /// <returns>By name, in the order of their names.</returns>
    public static SortedDictionary<string, string> Of(ContainerConfig config, IReadOnlyDictionary<string, string> options)
    {
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Choice(options, "labels", "labels-regex") is { } labels)
        {
            foreach (var (name, value) in config.Labels)
            {
                Add(attributes, labels, name, value);
            }
        }

        if (Choice(options, "env", "env-regex") is { } variables)
        {
            foreach (var setting in config.Env)
            {
                var equals = setting.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0)
                {
                    Add(attributes, variables, setting[..equals], setting[(equals + 1)..]);
                }
            }
        }

        return attributes;
    }

    /// <summary>Docker's form for --details: name=value with commas between, both as in a web address (url.QueryEscape).</summary>
    public static string Escape(SortedDictionary<string, string> attributes)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in attributes)
        {
            text.Append(text.Length > 0 ? "," : "");
            Escape(text, name);
            text.Append('=');
            Escape(text, value);
        }

        return text.ToString();
    }

    private static void Escape(StringBuilder text, string value)
    {
        foreach (var letter in Encoding.UTF8.GetBytes(value))
        {
            if (Unescaped.Contains((char)letter, StringComparison.Ordinal))
            {
                text.Append((char)letter);
            }
            else
            {
                text.Append(letter == ' ' ? "+" : $"%{letter:X2}");
            }
        }
    }

    private static void Add(SortedDictionary<string, string> attributes, Func<string, bool> wanted, string name, string value)
    {
        if (wanted(name))
        {
            attributes[name] = value;
        }
    }

    private static Func<string, bool>? Choice(IReadOnlyDictionary<string, string> options, string list, string expression)
    {
        var names = options.GetValueOrDefault(list, "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        var pattern = options.GetValueOrDefault(expression, "");
        if (names.Length == 0 && pattern.Length == 0)
        {
            return null;
        }

        var matches = pattern.Length == 0 ? null : LogPattern.Parse(expression, pattern);
        return name => Array.IndexOf(names, name) >= 0 || matches?.IsMatch(name) == true;
    }
}
