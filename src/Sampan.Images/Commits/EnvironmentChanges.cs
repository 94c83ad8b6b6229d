namespace Sampan.Images.Commits;

/// <summary>Merges variables into NAME=value lists, keeping the order of what was there.</summary>
internal static class EnvironmentChanges
{
    public static IReadOnlyList<string> Merge(IReadOnlyList<string>? environment, IReadOnlyList<KeyValuePair<string, string>> changes)
    {
        List<string> result = [.. environment ?? []];
        foreach (var (name, value) in changes)
        {
            var prefix = name + "=";
            var index = result.FindIndex(line => line.StartsWith(prefix, StringComparison.Ordinal));
            if (index >= 0)
            {
                result[index] = prefix + value;
            }
            else
            {
                result.Add(prefix + value);
            }
        }

        return result;
    }
}
