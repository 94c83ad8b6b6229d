namespace Sampan.Conformance.Cgroups;

/// <summary>config-linux.md, "Cgroups Path".</summary>
public class CgroupPathTests : StatementTest
{
    [Theory]
    [InlineData("memory")]
    [InlineData("pids")]
    [InlineData("devices")]
    [InlineData("freezer")]
    [Statement("config-linux.md#cgroups-path", "an absolute path is below the mount point of the hierarchy, here of {0}")]
    public void An_absolute_path_is_below_the_mount(string controller)
    {
        NeedsController(controller);
        var container = Create(Waiting());
        container.First.ControlGroup(controller).ShouldBe((string)container.Bundle.Linux["cgroupsPath"]!);
    }

    [Fact]
    [Statement("config-linux.md#cgroups-path", "groups that are not there are made, their parents too")]
    public void Missing_groups_are_made()
    {
        var container = Create(Waiting().With(b => b.Linux["cgroupsPath"] = Group + "/a/b/c"));
        container.First.ControlGroup("memory").ShouldBe(Group + "/a/b/c");
    }

    [Fact]
    [Statement("config-linux.md#cgroups-path", "an absolute path with .. does not leave the hierarchy")]
    public void Dots_stay_inside()
    {
        var bundle = Waiting().With(b => b.Linux["cgroupsPath"] = $"/../../..{Group}/dots");
        if (TryCreate(bundle, out var container).ExitCode == 0)
        {
            container.First.ControlGroup("memory").ShouldBe(Group + "/dots");
        }

        Directory.Exists(Group).ShouldBeFalse();
    }

    [Fact]
    [Statement("config-linux.md#cgroups-path", "a relative path leads to the same place every time")]
    public void A_relative_path_is_consistent()
    {
        var name = Path.GetFileName(Folder);
        var places = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var container = Create(Waiting().With(b => b.Linux["cgroupsPath"] = name));
            places.Add(container.First.ControlGroup("memory"));
            container.Call("delete", "--force").ShouldSucceed();
        }

        places[0].ShouldEndWith("/" + name);
        places[1].ShouldBe(places[0]);
    }

    [Fact]
    [Statement("config-linux.md#cgroups-path", "without a path the container has groups of its own")]
    public void A_default_is_its_own()
    {
        var container = Create(Waiting().With(b => b.Linux.Remove("cgroupsPath")));
        var group = container.First.ControlGroup("memory");
        group.ShouldContain(container.Id);
        container.Call("delete", "--force").ShouldSucceed();
        Directory.Exists("/sys/fs/cgroup/memory" + group).ShouldBeFalse();
    }

    [Fact]
    [Statement("config-linux.md#control-groups", "children of the program are in its groups")]
    public void Children_are_inside()
    {
        var container = Create(Script("sleep 1000 & echo ready; read line; kill %1")).Start();
        container.Command.Expect("ready");
        ControlFile(container, "memory", "cgroup.procs").Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    [Statement("config-linux.md#control-groups", "a frozen group is refused, or thawed: create does not hang")]
    [Differs("crun 1.8.1", "hangs until the group is thawed")]
    public void A_frozen_group_does_not_hang()
    {
        NeedsController("freezer");
        var bundle = Waiting();
        var group = "/sys/fs/cgroup/freezer" + (string)bundle.Linux["cgroupsPath"]!;
        Host("mkdir -p \"$1\"; echo FROZEN >\"$1/freezer.state\"", group);
        try
        {
            bundle.Write();
            using var create = new RunningCommand("/usr/bin/timeout", ["-k", "1", "10", OciRuntime.Program, "--root", Runtime.Root, "create", "--bundle", bundle.Folder, NewId()]);
            create.WaitForExit().ExitCode.ShouldNotBeOneOf(124, 137);
        }
        finally
        {
            Host("[ ! -d \"$1\" ] || echo THAWED >\"$1/freezer.state\"", group);
        }
    }

    [Fact]
    [Statement("config-linux.md#control-groups", "two containers of different paths are in different groups")]
    public void Containers_are_apart() => Create(Waiting()).First.ControlGroup("memory").ShouldNotBe(Create(Waiting()).First.ControlGroup("memory"));
}
