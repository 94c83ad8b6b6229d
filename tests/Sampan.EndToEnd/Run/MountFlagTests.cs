namespace Sampan.EndToEnd.Run;

/// <summary>--mount, --volumes-from, the options of -v, volumes with a file system of their own, --device-cgroup-rule.</summary>
public sealed class MountFlagTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private string MakeFolder()
    {
        var folder = Path.Combine(host.Folder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "file"), "here");
        return folder;
    }

    [Fact]
    public void Mount_binds_a_folder_that_is_there()
    {
        var folder = MakeFolder();
        host.Run("cat /m/file; echo x > /m/new", "--mount", $"type=bind,source={folder},target=/m").ShouldBe("here");
        File.ReadAllText(Path.Combine(folder, "new")).ShouldBe("x\n");
        host.Sampan("run", "--rm", "--mount", $"type=bind,src={folder},dst=/m,readonly", "busybox", "touch", "/m/x").ShouldFail(1, "Read-only file system");
        host.Sampan("run", "--rm", "--mount", $"type=bind,src={folder}/none,dst=/m", "busybox", "true")
            .ShouldFailInOneLine(125, $"invalid mount config for type \"bind\": bind source path does not exist: {folder}/none");
        host.Run("ls -d /m", "--mount", $"type=bind,src={folder}/made,dst=/m,bind-create-src").ShouldBe("/m");
        Directory.Exists(folder + "/made").ShouldBeTrue();
        host.Run("grep ' /m ' /proc/self/mountinfo | grep -c shared:", "--mount", $"type=bind,src={folder},dst=/m,bind-propagation=rshared").ShouldBe("1");
    }

    [Theory]
    [InlineData("type=bind,src=/tmp", "target is required")]
    [InlineData("type=bind,dst=/x", "field Source must not be empty")]
    [InlineData("type=bind,src=/tmp,dst=x", "mount path must be absolute")]
    [InlineData("type=tmpfs,src=/tmp,dst=/x", "field Source must not be specified")]
    [InlineData("type=other,dst=/x", "mount type unknown")]
    [InlineData("type=bind,src=/tmp,dst=/x,color=red", "unexpected key 'color'")]
    [InlineData("type=bind,src=/tmp,dst=/x,what", "invalid field 'what' must be a key=value pair")]
    [InlineData("type=tmpfs,dst=/x,volume-nocopy", "cannot mix 'volume-*' options with mount type 'tmpfs'")]
    [InlineData("type=bind,src=/tmp,dst=/x,bind-recursive=readonly", "requires 'readonly'")]
    [InlineData("type=bind,src=/tmp,dst=/x,ro=perhaps", "invalid value for ro: perhaps")]
    [InlineData("type=volume,src=v1,dst=/x,volume-subpath=../y", "must be a relative path within the volume")]
    public void Mount_refuses_what_docker_refuses(string mount, string words)
    {
        var result = host.Sampan("create", "--mount", mount, "busybox");
        result.ExitCode.ShouldBeOneOf(1, 125);
        result.Error.ShouldContain(words);
    }

    [Fact]
    public void Mount_makes_volumes_and_tmpfs()
    {
        host.Run("stat -c %a /t; df -k /t | tail -1 | awk '{print $2}'", "--mount", "type=tmpfs,dst=/t,tmpfs-size=4m,tmpfs-mode=0750").ShouldBe("750\n4096");
        host.Run("test ! -e /e/passwd && echo empty", "--mount", "type=volume,src=unfilled,dst=/e,volume-nocopy").ShouldBe("empty");
        host.Run("mkdir -p /v/a/b; echo deep > /v/a/b/file; ln -s /etc /v/out; cat /l/passwd | head -c4",
            "--mount", "src=parts,dst=/v,volume-label=color=red", "--mount", "type=volume,src=filled,dst=/etc", "-v", "filled:/l").ShouldBe("root");
        host.Sampan("volume", "inspect", "--format", "{{.Labels.color}}", "parts").ShouldSucceed().ShouldBe("red");
        host.Run("cat /s/file", "--mount", "src=parts,dst=/s,volume-subpath=a/b").ShouldBe("deep");
        host.Sampan("run", "--rm", "--mount", "src=parts,dst=/s,volume-subpath=out", "busybox", "true").ShouldFail(125, "subpath 'out'", "leads out of the volume");
        host.Sampan("run", "--rm", "--mount", "src=parts,dst=/s,volume-subpath=none", "busybox", "true").ShouldFail(125, "subpath 'none'", "no such file or directory");
    }

    [Fact]
    public void Volumes_come_from_other_containers()
    {
        var folder = MakeFolder();
        var donor = host.Sampan("create", "-v", "lent:/data", "-v", folder + ":/bound", "busybox").ShouldSucceed();
        host.Run("echo 1 > /data/x; cat /bound/file", "--volumes-from", donor).ShouldBe("here");
        host.Run("cat /data/x; touch /data/y 2>/dev/null || echo ro", "--volumes-from", donor + ":ro").ShouldBe("1\nro");
        host.Run("ls /data | wc -l", "--volumes-from", donor, "-v", "mine:/data").ShouldBe("0", "what the user says himself wins");
        host.Run("cat /data/x", "--volumes-from", donor, "-v", "/data").ShouldBe("1", "an anonymous volume does not, as with docker");
        host.Sampan("create", "--volumes-from", "nobody", "busybox").ShouldFailInOneLine(1, "No such container: nobody");
    }

    [Fact]
    public void Ids_are_mapped_on_a_bind_mount()
    {
        var folder = MakeFolder();
        Host.Shell("chown -R 1234:1235 \"$1\"", folder);
        host.Run("stat -c %u:%g /m/file; id -u; echo x > /m/mine; stat -c %u /m/mine", "-u", "33:33", "-v", folder + ":/m:match-user").ShouldBe("33:33\n33\n33");
        Host.Shell("stat -c %u:%g \"$1/mine\"", folder).Trim().ShouldBe("1234:1235");
        host.Run("stat -c %u:%g /m/file", "-v", folder + ":/m:idmap=uids=0-1234-1;gids=7-1235-1").ShouldBe("0:7");
        host.Sampan("create", "-v", folder + ":/m:idmap=nonsense", "busybox").ShouldFail(1, "invalid idmap 'nonsense'");
    }

    [Fact]
    public void A_volume_has_a_file_system_of_its_own()
    {
        var folder = MakeFolder();
        host.Sampan("volume", "create", "--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=2m", "scratch").ShouldSucceed();
        var id = host.Detached("-v", "scratch:/s", "busybox", "sh", "-c", "echo shared > /s/file; exec sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-s", "/s/file").ExitCode == 0, "the file is written");
        host.Sampan("exec", id, "sh", "-c", "grep -c ' /s tmpfs .*size=2048k' /proc/mounts").ShouldSucceed().ShouldBe("1");
        host.Run("cat /t/file", "-v", "scratch:/t").ShouldBe("shared");
        File.ReadAllText("/proc/self/mountinfo").ShouldNotContain(host.Root);
        host.Sampan("volume", "create", "-o", "type=none", "-o", "o=bind", "-o", $"device={folder}", "bound").ShouldSucceed();
        host.Run("cat /b/file", "-v", "bound:/b").ShouldBe("here");
        host.Sampan("volume", "create", "-o", "type=none", "bad1").ShouldFailInOneLine(1, "missing required option: \"device\"");
        host.Sampan("volume", "create", "-o", "color=red", "bad2").ShouldFailInOneLine(1, "invalid option: \"color\"");
    }

    [Fact]
    public void Device_rules_allow_what_they_say()
    {
        // /dev/net/tun can be opened by anybody who may.
        const string script = "mknod /tmp/tun c 10 200; : < /tmp/tun && echo open";
        host.Sampan("run", "--rm", "--cap-add", "mknod", "busybox", "sh", "-c", script).ShouldFail(1, "Operation not permitted");
        host.Run(script, "--cap-add", "mknod", "--device-cgroup-rule", "c 10:200 rw").ShouldBe("open");
        host.Sampan("create", "--device-cgroup-rule", "x 1:2", "busybox").ShouldFail(125, "invalid device cgroup format 'x 1:2'");
    }
}
