using System.Collections;

namespace Sampan.Linux.Processes;

/// <summary>The environment of this process, for programs it starts.</summary>
public static class OwnEnvironment
{
    /// <summary>All of it.</summary>
    /// <returns>NAME=value.</returns>
    public static IReadOnlyList<string> List()
    {
        var variables = new List<string>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables.Add($"{entry.Key}={entry.Value}");
        }

        return variables;
    }
}
