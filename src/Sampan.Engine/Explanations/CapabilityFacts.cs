using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Linux.Capabilities;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Explanations;

/// <summary>The capabilities of a container's first process, and what sets them apart from docker's default.</summary>
internal static class CapabilityFacts
{
    /// <summary>Compares.</summary>
    /// <param name="host">What was asked for.</param>
    /// <param name="process">What a start gives.</param>
    /// <param name="view">What is.</param>
    public static List<Fact> Of(HostConfig host, RuntimeProcess process, KernelView view)
    {
        var expected = process.Capabilities!;
        var held = process.User?.Uid is 0 or null ? "as bounding: its user is root" : "none: its user is not root";
        var bounding = CapabilitySet.FromNames(expected.Bounding);
        var facts = new List<Fact>
        {
            Set("bounding", "CapBnd", bounding, Origin(host), view),
            Set("permitted", "CapPrm", CapabilitySet.FromNames(expected.Permitted), held, view),
            Set("effective", "CapEff", CapabilitySet.FromNames(expected.Effective), held, view),
            Set("inheritable", "CapInh", CapabilitySet.FromNames(expected.Inheritable), "default: none", view),
            Set("ambient", "CapAmb", CapabilitySet.FromNames(expected.Ambient), "default: none", view),
        };
        var standard = CapabilitySet.ContainerDefault;
        Differ(facts, new(bounding.Bits & ~standard.Bits), "added", host, host.CapAdd, "--cap-add");
        Differ(facts, new(standard.Bits & ~bounding.Bits), "dropped", host, host.CapDrop, "--cap-drop");
        return facts;
    }

    private static Fact Set(string name, string field, CapabilitySet expected, string origin, KernelView view)
    {
        var text = KernelView.Field(view.Status, field);
        _ = ulong.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits);
        var actual = new CapabilitySet(bits);
        return Fact.Of(name, Names(actual), Names(expected), origin, actual == expected);
    }

    private static void Differ(List<Fact> facts, CapabilitySet difference, string name, HostConfig host, IReadOnlyList<string>? asked, string flag)
    {
        foreach (var capability in difference.ToNames())
        {
            facts.Add(new Fact { Name = name, Value = Short(capability), Origin = host.Privileged ? "--privileged" : FlagOf(capability, asked, flag) });
        }
    }

    private static string FlagOf(string capability, IReadOnlyList<string>? asked, string flag)
    {
        foreach (var name in asked ?? [])
        {
            if (name.Equals(capability, StringComparison.OrdinalIgnoreCase) || ("CAP_" + name).Equals(capability, StringComparison.OrdinalIgnoreCase))
            {
                return $"{flag} {name}";
            }
        }

        foreach (var name in asked ?? [])
        {
            if (name.Equals("ALL", StringComparison.OrdinalIgnoreCase) || name.Equals("CAP_ALL", StringComparison.OrdinalIgnoreCase))
            {
                return $"{flag} {name}";
            }
        }

        return "the host itself has it not";
    }

    private static string Origin(HostConfig host)
    {
        if (host.Privileged)
        {
            return "--privileged";
        }

        return host is { CapAdd: null or { Count: 0 }, CapDrop: null or { Count: 0 } } ? "docker's default" : "docker's default, with what is added and dropped below";
    }

    private static string Names(CapabilitySet set)
    {
        if (set == CapabilitySet.Empty)
        {
            return "none";
        }

        var names = set.ToNames();
        for (var index = 0; index < names.Length; index++)
        {
            names[index] = Short(names[index]);
        }

        return $"{names.Length}: {string.Join(' ', names)}";
    }

    private static string Short(string name) => name["CAP_".Length..].ToLowerInvariant();
}
