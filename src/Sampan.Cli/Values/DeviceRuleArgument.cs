using Sampan.Engine.Specs;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>The value of --device-cgroup-rule: <c>c 1:3 rwm</c>, <c>a *:* rwm</c>.</summary>
internal static class DeviceRuleArgument
{
    /// <summary>Checks a rule.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The same text.</returns>
    /// <exception cref="ValueException">Another form, in docker's words.</exception>
    public static string Check(string text) =>
        DeviceRuleText.TryParse(text) is null ? throw new ValueException($"invalid device cgroup format '{text}'") : text;
}
