using Sampan.Linux;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Tests.Launching;

/// <summary>What a specification compiles to, as text: no step is executed.</summary>
internal static class PlanText
{
    /// <summary>"call object" of each step.</summary>
    public static List<string> Steps(RuntimeSpec spec, Func<LaunchRequest, LaunchRequest>? change = null)
    {
        using var plan = Plan(spec, change);
        return plan.Texts.Select(text => $"{text.Call} {text.Object}".TrimEnd()).ToList();
    }

    /// <summary>The same with the side before it, for the steps the other does not have, in order; without what ends others (close, create).</summary>
    public static List<string> Added(RuntimeSpec spec, RuntimeSpec without, Func<LaunchRequest, LaunchRequest>? change = null)
    {
        using var with = Plan(spec, change);
        using var before = Plan(without, change);
        var old = before.Texts.GroupBy(text => (text.Side, text.Call, text.Object)).ToDictionary(group => group.Key, group => group.Count());
        var added = new List<string>();
        foreach (var text in with.Texts)
        {
            var key = (text.Side, text.Call, text.Object);
            if (old.GetValueOrDefault(key) > 0)
            {
                old[key]--;
            }
            else if (text.Call != "close" && text.Object != "create")
            {
                added.Add($"{text.Side} {text.Call} {text.Object}".TrimEnd());
            }
        }

        return added;
    }

    /// <summary>The lines for a log.</summary>
    public static IReadOnlyList<string> Warnings(RuntimeSpec spec)
    {
        using var plan = Plan(spec);
        return plan.Warnings;
    }

    /// <summary>Why it is not compiled.</summary>
    public static string Refusal(RuntimeSpec spec, Func<LaunchRequest, LaunchRequest>? change = null) =>
        Should.Throw<SampanException>(() => Plan(spec, change).Dispose()).Message;

    private static LaunchPlan Plan(RuntimeSpec spec, Func<LaunchRequest, LaunchRequest>? change = null)
    {
        var request = SpecSample.Request(spec);
        return ContainerLauncher.Explain(change is null ? request : change(request));
    }
}
