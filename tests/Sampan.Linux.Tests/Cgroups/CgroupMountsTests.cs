using System.Text;
using Sampan.Linux.Cgroups;

namespace Sampan.Linux.Tests.Cgroups;

public sealed class CgroupMountsTests
{
    private const string V1 = """
        24 1 0:22 / / rw - overlay overlay rw,lowerdir=/a
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:10 master:3 - cgroup cgroup rw,memory
        40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,release_agent=/lib/systemd/agent,name=systemd
        50 31 0:32 / /elsewhere/memory rw,relatime - cgroup cgroup rw,memory

        """;

    private const string Unified = "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n";
    private const string Pure = "41 31 0:38 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n";

    [Fact]
    public void Version1TreesAndTheirControllersAreFound()
    {
        var mounts = Parse(V1);
        mounts.Select(mount => mount.Mountpoint).ShouldBe(["/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/systemd"]);
        mounts[0].Controllers.ShouldBe(["cpu", "cpuacct"]);
        mounts[2].Controllers.ShouldBe(["name=systemd"]);
        CgroupHierarchy.Of(mounts, "/sys/fs/cgroup").Version.ShouldBe(CgroupVersion.V1);
    }

    [Fact]
    public void ACgroup2MountBesideThemMakesItHybrid() =>
        CgroupHierarchy.Of(Parse(V1 + Unified), "/sys/fs/cgroup").Version.ShouldBe(CgroupVersion.Hybrid);

    [Fact]
    public void ACgroup2MountAloneIsVersion2() => CgroupHierarchy.Of(Parse(Pure), "/sys/fs/cgroup").Version.ShouldBe(CgroupVersion.V2);

    [Fact]
    public void NothingMountedIsAnErrorWithAWayOut() =>
        Should.Throw<SampanException>(() => CgroupHierarchy.Of([], "/sys/fs/cgroup")).Message.ShouldContain("mount -t cgroup2");

    [Fact]
    public void EscapedMountpointsAreRead() =>
        CgroupMounts.Parse("1 2 0:1 / /x/a\\040b rw - cgroup cgroup rw,pids\n"u8, "/x")[0].Mountpoint.ShouldBe("/x/a b");

    [Fact]
    public void WhatALaterMountHidesDoesNotCount()
    {
        var mounts = Parse(V1 + Unified + "90 20 0:99 / /sys/fs/cgroup rw - tmpfs none rw\n91 90 0:30 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n");
        mounts.Select(mount => mount.Mountpoint).ShouldBe(["/sys/fs/cgroup/pids"]);
    }

    private static List<CgroupMount> Parse(string text) => CgroupMounts.Parse(Encoding.UTF8.GetBytes(text), "/sys/fs/cgroup");
}
