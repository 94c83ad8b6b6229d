namespace Sampan.Linux.Cgroups;

/// <summary>
/// What a list of device rules amounts to: an answer for all devices and exceptions from it. The rules add up as the version 1 controller
/// adds them (security/device_cgroup.c): "a" rules start afresh, equal devices merge their access.
/// </summary>
public sealed class DeviceRuleSet
{
    private readonly List<DeviceRule> _exceptions = [];

    private DeviceRuleSet()
    {
    }

    /// <summary>The answer where no exception matches.</summary>
    public bool AllowByDefault { get; private set; } = true;

    /// <summary>Rules that answer otherwise.</summary>
    public IReadOnlyList<DeviceRule> Exceptions => _exceptions;

    /// <summary>Whether nothing is refused: then no program is needed.</summary>
    public bool AllowsAll => AllowByDefault && _exceptions.Count == 0;

    /// <summary>Adds rules up.</summary>
    /// <param name="rules">Rules in order.</param>
    /// <returns>The sum.</returns>
    public static DeviceRuleSet Of(IReadOnlyList<DeviceRule> rules)
    {
        var set = new DeviceRuleSet();
        for (var index = 0; index < rules.Count; index++)
        {
            set.Add(rules[index]);
        }

        return set;
    }

    /// <summary>Reads the controller's own list.</summary>
    /// <param name="list">Text of devices.list: "a *:* rwm", or lines such as "c 1:3 rwm" and "b *:* m", each allowed.</param>
    /// <returns>What it allows.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: a line is not of that form.</exception>
    public static DeviceRuleSet OfList(ReadOnlySpan<char> list)
    {
        var set = new DeviceRuleSet { AllowByDefault = false };
        foreach (var range in list.Split('\n'))
        {
            var line = list[range];
            if (line.IsEmpty)
            {
                continue;
            }

            var colon = line.IndexOf(':');
            var space = line.LastIndexOf(' ');
            if (colon < 2
                || space < colon
                || !TryNumber(line[2..colon], out var major)
                || !TryNumber(line[(colon + 1)..space], out var minor)
                || !DeviceAccessLetters.TryParse(line[(space + 1)..], out var access))
            {
                throw new SampanException(ErrorKind.Internal, $"the kernel's device list has a line of unknown form: {line}");
            }

            set.Add(new(true, line[0], major, minor, access));
        }

        return set;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long? number)
    {
        number = null;
        if (text is "*")
        {
            return true;
        }

        var valid = long.TryParse(text, out var value);
        number = value;
        return valid;
    }

    private void Add(DeviceRule rule)
    {
        if (rule.Type == 'a')
        {
            AllowByDefault = rule.Allow;
            _exceptions.Clear();
            return;
        }

        var known = _exceptions.FindIndex(other => (other.Type, other.Major, other.Minor) == (rule.Type, rule.Major, rule.Minor));
        var access = known < 0 ? DeviceAccess.None : _exceptions[known].Access;
        access = rule.Allow == AllowByDefault ? access & ~rule.Access : access | rule.Access;
        if (known >= 0)
        {
            _exceptions.RemoveAt(known);
        }

        if (access != DeviceAccess.None)
        {
            _exceptions.Add(rule with { Allow = !AllowByDefault, Access = access });
        }
    }
}
