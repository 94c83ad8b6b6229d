namespace Sampan.Linux.Cgroups;

/// <summary>
/// From one device list of a version 1 group to another (admin-guide/cgroup-v1/devices.rst) by what differs: clearing the list first, as
/// for a new group, would refuse a running container its own /dev/null for a moment.
/// </summary>
internal static class DeviceTransition
{
    /// <summary>What to write.</summary>
    /// <param name="list">Text of devices.list.</param>
    /// <param name="target">What is wanted.</param>
    /// <returns>Settings in order: what is granted comes before what is taken.</returns>
    public static List<CgroupSetting> Between(string list, DeviceRuleSet target)
    {
        var settings = new List<CgroupSetting>();
        var current = DeviceRuleSet.OfList(list);
        if (current.AllowByDefault || target.AllowByDefault)
        {
            // Of a list that allows by default the kernel shows no exceptions, so nothing is known of it: it starts afresh.
            settings.Add(Setting(target.AllowByDefault ? DeviceRule.AllowAll : DeviceRule.DenyAll));
            foreach (var rule in target.Exceptions)
            {
                settings.Add(Setting(rule));
            }

            return settings;
        }

        foreach (var rule in target.Exceptions)
        {
            if ((rule.Access & ~AccessIn(current, rule)) is not DeviceAccess.None and var more)
            {
                settings.Add(Setting(rule with { Access = more }));
            }
        }

        foreach (var rule in current.Exceptions)
        {
            if ((rule.Access & ~AccessIn(target, rule)) is not DeviceAccess.None and var less)
            {
                settings.Add(Setting(rule with { Allow = false, Access = less }));
            }
        }

        return settings;
    }

    private static DeviceAccess AccessIn(DeviceRuleSet set, DeviceRule rule)
    {
        foreach (var other in set.Exceptions)
        {
            if ((other.Type, other.Major, other.Minor) == (rule.Type, rule.Major, rule.Minor))
            {
                return other.Access;
            }
        }

        return DeviceAccess.None;
    }

    private static CgroupSetting Setting(DeviceRule rule) => new("devices", rule.Allow ? "devices.allow" : "devices.deny", rule.ToString());
}
