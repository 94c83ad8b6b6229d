using System.Globalization;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>A rule of --device-cgroup-rule as the device controller writes it: type, numbers with * for any, letters (cgroup-v1/devices.rst).</summary>
public static class DeviceRuleText
{
    /// <summary>Reads a rule.</summary>
    /// <param name="text">"c 1:3 rwm".</param>
    /// <returns>The rule, which allows; null for another form.</returns>
    public static RuntimeDeviceRule? TryParse(string text)
    {
        if (text.Split(' ') is not [("a" or "b" or "c") and var type, var numbers, { Length: > 0 and <= 3 } access] || access.AsSpan().ContainsAnyExcept("rwm")
            || numbers.Split(':') is not [var first, var second] || !TryNumber(first, out var major) || !TryNumber(second, out var minor))
        {
            return null;
        }

        return new RuntimeDeviceRule { Allow = true, Type = type, Major = major, Minor = minor, Access = access };
    }

    private static bool TryNumber(string text, out long? number)
    {
        number = null;
        if (text == "*")
        {
            return true;
        }

        number = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        return number is not null;
    }
}
