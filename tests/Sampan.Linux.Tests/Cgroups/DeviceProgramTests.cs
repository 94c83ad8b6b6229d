using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Tests.Cgroups;

public sealed class DeviceProgramTests
{
    private static readonly DeviceRule[] Rules =
    [
        DeviceRule.DenyAll,
        new(true, 'c', null, null, DeviceAccess.Make),
        new(true, 'b', null, null, DeviceAccess.Make),
        new(true, 'c', 1, 3, DeviceAccess.All),
        new(true, 'c', 136, null, DeviceAccess.Read | DeviceAccess.Write),
    ];

    [Fact]
    public void RulesAddUpAsTheVersion1ControllerAddsThem()
    {
        DeviceRuleSet.Of([DeviceRule.DenyAll, DeviceRule.AllowAll]).AllowsAll.ShouldBeTrue();
        var set = DeviceRuleSet.Of([DeviceRule.DenyAll, new(true, 'c', 1, 3, DeviceAccess.Read), new(true, 'c', 1, 3, DeviceAccess.Write)]);
        set.AllowByDefault.ShouldBeFalse();
        set.Exceptions.ShouldBe([new(true, 'c', 1, 3, DeviceAccess.Read | DeviceAccess.Write)]);
        DeviceRuleSet.Of([DeviceRule.DenyAll, new(true, 'c', 1, 3, DeviceAccess.All), new(false, 'c', 1, 3, DeviceAccess.All)])
            .Exceptions.ShouldBeEmpty();
    }

    [Fact]
    public void TheKernelsVerifierAcceptsTheProgram()
    {
        using var program = DeviceProgram.Load(DeviceProgram.Assemble(DeviceRuleSet.Of(Rules)));
        program.IsInvalid.ShouldBeFalse();
        using var refusing = DeviceProgram.Load(DeviceProgram.Assemble(DeviceRuleSet.Of([new(false, 'c', 1, 3, DeviceAccess.Write)])));
        refusing.IsInvalid.ShouldBeFalse();
    }

    [Fact]
    public void TheAttachedProgramDecidesWhatAProcessMayOpen()
    {
        var hierarchy = CgroupHierarchy.Detect();
        Assert.SkipWhen(hierarchy.Version == CgroupVersion.V1, "no cgroup2 tree to attach to");
        using var group = new TemporaryCgroup(hierarchy, CgroupLimits.None);
        DeviceProgram.Attach(DeviceRuleSet.Of(Rules), group.Cgroup.CloneDirectory!);
        group.Run("echo x > /dev/null").ShouldBe(0);
        group.Run("head -c 1 /dev/zero > /dev/null 2>&1").ShouldNotBe(0);
    }

    [Fact]
    public void AProgramTakesThePlaceOfAllThatWereThere()
    {
        var hierarchy = CgroupHierarchy.Detect();
        Assert.SkipWhen(hierarchy.Version == CgroupVersion.V1, "no cgroup2 tree to attach to");
        using var group = new TemporaryCgroup(hierarchy, CgroupLimits.None);
        var directory = group.Cgroup.CloneDirectory!;
        const string both = "echo x > /dev/null && head -c 1 /dev/zero > /dev/null 2>&1";
        DeviceProgram.Replace(DeviceRuleSet.Of(Rules), directory);
        group.Run(both).ShouldNotBe(0);
        DeviceProgram.Replace(DeviceRuleSet.Of([.. Rules, new(true, 'c', 1, 5, DeviceAccess.All)]), directory);
        group.Run(both).ShouldBe(0);
        DeviceProgram.Attach(DeviceRuleSet.Of(Rules), directory);
        group.Run(both).ShouldNotBe(0);
        DeviceProgram.Replace(DeviceRuleSet.Of([.. Rules, new(true, 'c', 1, 5, DeviceAccess.All)]), directory);
        group.Run(both).ShouldBe(0);
        DeviceProgram.Replace(DeviceRuleSet.Of([DeviceRule.AllowAll]), directory);
        group.Run(both + " && head -c 1 /dev/urandom > /dev/null").ShouldBe(0);
    }

    [Fact]
    public void AProgramIsExchangedWithoutAMomentOfRefusal()
    {
        var hierarchy = CgroupHierarchy.Detect();
        Assert.SkipWhen(hierarchy.Version == CgroupVersion.V1, "no cgroup2 tree to attach to");
        using var group = new TemporaryCgroup(hierarchy, CgroupLimits.None);
        var directory = group.Cgroup.CloneDirectory!;
        DeviceProgram.Replace(DeviceRuleSet.Of(Rules), directory);
        using var reader = group.Start("while :; do : > /dev/null || exit 7; done 2>&-");
        for (var round = 0; round < 200; round++)
        {
            DeviceProgram.Replace(DeviceRuleSet.Of(Rules), directory);
        }

        reader.HasExited.ShouldBeFalse();
        group.Cgroup.Kill();
        reader.WaitForExit(10_000).ShouldBeTrue();
    }

    [Fact]
    public void MakingANodeIsDecidedApartFromOpeningIt()
    {
        var hierarchy = CgroupHierarchy.Detect();
        Assert.SkipWhen(hierarchy.Version == CgroupVersion.V1, "no cgroup2 tree to attach to");
        using var group = new TemporaryCgroup(hierarchy, CgroupLimits.None);
        var rules = new DeviceRule[]
        {
            DeviceRule.DenyAll,
            new(true, 'c', 1, 3, DeviceAccess.Read | DeviceAccess.Write),
            new(true, 'c', 1, 5, DeviceAccess.Make),
        };
        DeviceProgram.Attach(DeviceRuleSet.Of(rules), group.Cgroup.CloneDirectory!);
        var directory = Directory.CreateTempSubdirectory("sampan-devices-").FullName;
        try
        {
            group.Run($"mknod {directory}/null c 1 3 2>/dev/null").ShouldNotBe(0);
            group.Run($"mknod {directory}/zero c 1 5").ShouldBe(0);
            group.Run($"mknod {directory}/disk b 1 5 2>/dev/null").ShouldNotBe(0);
            group.Run($"head -c 1 {directory}/zero > /dev/null 2>&1").ShouldNotBe(0);
        }
        finally
        {
            Directory.Delete(directory, true);
        }
    }
}
