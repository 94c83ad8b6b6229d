using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Tests.Cgroups;

public sealed class DeviceTransitionTests
{
    [Theory]
    [InlineData("c 1:3 rwm\nc 1:5 rwm", "devices.allow=c 1:7 rw", "devices.deny=c 1:5 wm", "devices.deny=c 1:3 rwm")]
    [InlineData("c 1:5 r\nc 1:7 rw")]
    [InlineData("a *:* rwm", "devices.deny=a", "devices.allow=c 1:5 r", "devices.allow=c 1:7 rw")]
    public void OnlyWhatDiffersIsWritten(string current, params string[] expected)
    {
        var target = DeviceRuleSet.Of(
            [DeviceRule.DenyAll, new(true, 'c', 1, 5, DeviceAccess.Read), new(true, 'c', 1, 7, DeviceAccess.Read | DeviceAccess.Write)]);
        DeviceTransition.Between(current, target).Select(setting => $"{setting.File}={setting.Value}").ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public void WildcardsOfTheKernelsListAreRead() =>
        DeviceRuleSet.OfList("b *:* m\nc 136:* rwm").Exceptions.ShouldBe(
            [new(true, 'b', null, null, DeviceAccess.Make), new(true, 'c', 136, null, DeviceAccess.All)]);

    [Fact]
    public void ALineOfUnknownFormIsNotGuessedAt() =>
        Should.Throw<SampanException>(() => DeviceRuleSet.OfList("c 1 rwm")).Kind.ShouldBe(ErrorKind.Internal);
}
