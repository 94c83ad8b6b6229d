using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux.Cgroups;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Resources;

namespace Sampan.Engine.Explanations;

/// <summary>The devices a container may use. Of version 1 the kernel shows the list; of a version 2 program it shows nothing.</summary>
internal static class DeviceFacts
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["c *:*"] = "any character device",
        ["b *:*"] = "any block device",
        ["c 1:3"] = "/dev/null",
        ["c 1:5"] = "/dev/zero",
        ["c 1:7"] = "/dev/full",
        ["c 1:8"] = "/dev/random",
        ["c 1:9"] = "/dev/urandom",
        ["c 5:0"] = "/dev/tty",
        ["c 5:2"] = "/dev/ptmx",
        ["c 136:*"] = "pseudo terminals",
    };

    /// <summary>Compares.</summary>
    /// <param name="host">What was asked for.</param>
    /// <param name="expected">The rules a start gives.</param>
    /// <param name="devices">The nodes a start makes.</param>
    /// <param name="list">Text of devices.list; null on version 2.</param>
    public static List<Fact> Of(HostConfig host, IReadOnlyList<RuntimeDeviceRule> expected, IReadOnlyList<RuntimeDevice> devices, string? list)
    {
        var facts = new List<Fact>();
        var asked = Sum(expected);
        var actual = list is null ? asked : DeviceRuleSet.OfList(list);
        if (asked.AllowsAll || (list is not null && list.StartsWith("a ", StringComparison.Ordinal)))
        {
            var all = list is null || list.StartsWith("a ", StringComparison.Ordinal);
            facts.Add(Fact.Of("all devices", all ? "rwm" : "not all", asked.AllowsAll ? "rwm" : "not all", host.Privileged ? "--privileged" : "default", all == asked.AllowsAll));
            return facts;
        }

        var standard = Sum(DeviceSpecs.Of(new HostConfig()).Rules);
        foreach (var rule in asked.Exceptions)
        {
            var found = Find(actual, rule);
            var letters = found is { } there ? there.Access.ToLetters() : "refused";
            facts.Add(Fact.Of(Name(rule, devices), letters, rule.Access.ToLetters(), Origin(rule, standard, devices), letters == rule.Access.ToLetters()));
        }

        foreach (var rule in actual.Exceptions)
        {
            if (Find(asked, rule) is null)
            {
                facts.Add(new Fact { Name = Name(rule, devices), Value = rule.Access.ToLetters(), Origin = "nobody asked for it", Asked = "refused", Changed = true });
            }
        }

        if (list is null)
        {
            facts.Add(new Fact { Name = "all others", Value = "refused", Origin = "as asked for: the kernel does not show what the program in the group allows" });
        }

        return facts;
    }

    private static DeviceRuleSet Sum(IReadOnlyList<RuntimeDeviceRule> rules) =>
        DeviceRuleSet.Of(ResourceLimits.Of(new RuntimeResources { Devices = rules }).Devices ?? []);

    private static DeviceRule? Find(DeviceRuleSet set, DeviceRule rule)
    {
        foreach (var other in set.Exceptions)
        {
            if ((other.Type, other.Major, other.Minor) == (rule.Type, rule.Major, rule.Minor))
            {
                return other;
            }
        }

        return null;
    }

    private static string Numbers(DeviceRule rule)
    {
        var text = rule.ToString();
        return text[..text.LastIndexOf(' ')];
    }

    private static RuntimeDevice? NodeOf(DeviceRule rule, IReadOnlyList<RuntimeDevice> devices)
    {
        foreach (var device in devices)
        {
            if (device.Type[0] == rule.Type && device.Major == rule.Major && device.Minor == rule.Minor)
            {
                return device;
            }
        }

        return null;
    }

    private static string Name(DeviceRule rule, IReadOnlyList<RuntimeDevice> devices)
    {
        var numbers = Numbers(rule);
        return NodeOf(rule, devices) is { } node ? $"{numbers} {node.Path}" : Known.TryGetValue(numbers, out var name) ? $"{numbers} {name}" : numbers;
    }

    private static string Origin(DeviceRule rule, DeviceRuleSet standard, IReadOnlyList<RuntimeDevice> devices)
    {
        if (Find(standard, rule) is { } known && known.Access == rule.Access)
        {
            return "docker's default";
        }

        return NodeOf(rule, devices) is { } node ? $"--device, as {node.Path}" : "--device-cgroup-rule";
    }
}
