using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Tests.Cgroups;

public sealed class CgroupMembershipTests
{
    private const string Text = "9:name=systemd:/\n4:memory:/jobs/a:b\n2:cpu,cpuacct:/docker/1f\n0::/vm/box/init.scope\n";

    private static CgroupMount Tree(string controllers, string root = "/") =>
        new($"/sys/fs/cgroup/{controllers}", controllers.Length == 0 ? [] : controllers.Split(','), controllers.Length == 0) { Root = root };

    [Theory]
    [InlineData("name=systemd", "/", "")]
    [InlineData("memory", "/", "/jobs/a:b")]
    [InlineData("cpu,cpuacct", "/", "/docker/1f")]
    [InlineData("cpu,cpuacct", "/docker/1f", "")]
    [InlineData("cpu,cpuacct", "/docker", "/1f")]
    [InlineData("cpu,cpuacct", "/dock", "/docker/1f")]
    [InlineData("pids", "/", "")]
    [InlineData("", "/", "/vm/box/init.scope")]
    public void A_group_is_found_by_its_tree(string controllers, string root, string expected) =>
        new CgroupMembership(Text).In(Tree(controllers, root)).ShouldBe(expected);

    [Theory]
    [InlineData("/vm/box", "init.scope")]
    [InlineData("/vm/box/init.scope", null)]
    [InlineData("/vm/bo", null)]
    public void The_place_inside_a_group_is_told(string group, string? expected) => new CgroupMembership(Text).Below(group).ShouldBe(expected);
}
