using Sampan.Engine.Containers;

namespace Sampan.Engine.Explanations;

/// <summary>Kernel parameters of a container's namespaces.</summary>
internal static class SysctlFacts
{
    /// <summary>Compares.</summary>
    /// <param name="host">What was asked for.</param>
    /// <param name="expected">What a start sets.</param>
    /// <param name="actual">What there is, by the same names; one that could not be read is not there.</param>
    public static List<Fact> Of(HostConfig host, IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual)
    {
        var facts = new List<Fact>();
        foreach (var (name, asked) in expected)
        {
            var value = actual.TryGetValue(name, out var text) ? Words(text) : "not readable";
            var origin = host.Sysctls?.ContainsKey(name) == true ? $"--sysctl {name}={asked}" : "docker's default";
            facts.Add(Fact.Of(name, value, asked, origin, value == Words(asked)));
        }

        return facts;
    }

    private static string Words(string text) => string.Join(' ', text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
