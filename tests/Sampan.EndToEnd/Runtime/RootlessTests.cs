using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>Containers of a user without rights (runc(8), --rootless): what "spec --rootless" writes runs as it is.</summary>
public sealed class RootlessTests : IDisposable
{
    private const int User = 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("sampan-rootless-").FullName;
    private readonly string _binary;

    public RootlessTests()
    {
        _binary = Path.Combine(_folder, "runtime");
        Host.Shell(
            "cd \"$1\"; chmod 755 .; cp \"$2\" runtime; chmod 755 runtime; mkdir -p run rootfs/bin rootfs/proc rootfs/dev rootfs/sys rootfs/tmp; cp /usr/bin/busybox rootfs/bin; "
            + "for name in $(/usr/bin/busybox --list); do ln -s busybox rootfs/bin/$name 2>/dev/null || true; done; chown -R 1000:1000 run rootfs; chmod 700 run",
            _folder, BundleHost.Binary);
    }

    public void Dispose()
    {
        foreach (var id in Runtime("list", "-q").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Runtime("delete", "--force", id);
        }

        Directory.Delete(_folder, recursive: true);
    }

    private CommandResult Runtime(params string[] arguments) => As("", arguments);

    /// <summary>As the user, behind a command that runs another.</summary>
    private CommandResult As(string wrapper, params string[] arguments)
    {
        using var command = Start(wrapper, arguments);
        command.CloseInput();
        return command.Wait();
    }

    private RunningCommand Start(string wrapper, params string[] arguments) => new("/bin/bash", Words(wrapper, arguments));

    private string[] Words(string wrapper, string[] arguments) =>
        ["-c", $"exec {wrapper} setpriv --reuid {User} --regid {User} --clear-groups env -i PATH=/usr/bin:/bin XDG_RUNTIME_DIR={_folder}/run \"$@\"", "bash", _binary, .. arguments];

    private string Bundle(string id, string script, Action<JsonNode>? change = null)
    {
        var bundle = Path.Combine(_folder, id);
        Host.Shell("mkdir \"$1\"; chown 1000:1000 \"$1\"", bundle);
        Runtime("spec", "--rootless", "--bundle", bundle).ShouldSucceed();
        var path = Path.Combine(bundle, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray("/bin/sh", "-c", script);
        config["root"]!["path"] = Path.Combine(_folder, "rootfs");
        change?.Invoke(config);
        File.WriteAllText(path, config.ToJsonString());
        return bundle;
    }

    private string Run(string id, string script, Action<JsonNode>? change = null) => Runtime("run", "--bundle", Bundle(id, script, change), id).ShouldSucceed();

    private static void WithoutNamespace(JsonNode config, string type) =>
        config["linux"]!["namespaces"]!.AsArray().RemoveAll(item => item!["type"]!.GetValue<string>() == type);

    [Fact]
    public void It_is_root_inside_and_the_user_outside()
    {
        var lines = Run("plain", "id -u; cat /proc/self/uid_map /proc/self/setgroups; touch /tmp/mine; echo x >/dev/null; ls /sys/class >/dev/null && echo sys", config =>
            config["root"]!["readonly"] = false).Split('\n');
        lines[0].ShouldBe("0");
        lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["0", $"{User}", "1"]);
        lines[2..].ShouldBe(["deny", "sys"]);
        Host.Shell("stat -c %u \"$1\"", Path.Combine(_folder, "rootfs/tmp/mine")).ShouldBe($"{User}");
    }

    [Fact]
    public void It_lives_a_whole_life()
    {
        var bundle = Bundle("life", "echo up; exec sleep 1000");
        using var create = Start("", "create", "--bundle", bundle, "life");
        create.CloseInput();
        Patience.ShouldCome(() => Runtime("state", "life").Output.Contains("\"created\"", StringComparison.Ordinal), "it is created");
        Runtime("start", "life").ShouldSucceed();
        create.Expect("up");
        var pid = JsonNode.Parse(Runtime("state", "life").ShouldSucceed())!["pid"]!.GetValue<int>();
        Processes.Status(pid, "Uid").ShouldStartWith($"{User}\t");
        Runtime("exec", "life", "sh", "-c", "id -u; for n in user pid mnt; do readlink /proc/self/ns/$n; done").ShouldSucceed().Split('\n')
            .ShouldBe(["0", .. ((string[])["user", "pid", "mnt"]).Select(kind => File.ResolveLinkTarget($"/proc/{pid}/ns/{kind}", false)!.Name)]);
        Runtime("exec", "life", "sh", "-c", "exit 7").ExitCode.ShouldBe(7);
        Runtime("list").ShouldSucceed().ShouldContain("life");
        Runtime("pause", "life").ExitCode.ShouldBe(1);
        Runtime("delete", "life").ExitCode.ShouldBe(1);
        Runtime("kill", "life", "KILL").ShouldSucceed();
        create.Wait().ShouldSucceed();
        Patience.ShouldCome(() => Runtime("state", "life").Output.Contains("\"stopped\"", StringComparison.Ordinal), "it has stopped");
        Runtime("delete", "life").ShouldSucceed();
        Runtime("list", "-q").ShouldSucceed().ShouldBeEmpty();

        // In the user's own place, which is kept from being cleared away (XDG Base Directory Specification).
        Host.Shell("stat -c %a \"$1\"/run/*", _folder).ShouldBe("1700");
    }

    [Fact]
    public void Hooks_are_the_users_and_enter_its_namespaces()
    {
        var file = Path.Combine(_folder, "run/hook");
        JsonArray Hook(string to) => [new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", $"{{ cat; echo; id -u; readlink /proc/self/ns/user; }} >>{to}") }];
        var inside = Run("hooks", "cat /tmp/hook; readlink /proc/self/ns/user", config =>
        {
            config["root"]!["readonly"] = false;
            config["hooks"] = new JsonObject { ["createRuntime"] = Hook(file), ["createContainer"] = Hook(file), ["startContainer"] = Hook("/tmp/hook") };
        }).Split('\n');
        var outside = File.ReadAllLines(file);
        var own = inside[^1];
        (outside[1], outside[2]).ShouldBe(($"{User}", File.ResolveLinkTarget("/proc/self/ns/user", false)!.Name));
        (outside[4], outside[5]).ShouldBe(("0", own));
        JsonNode.Parse(outside[3])!["pid"]!.GetValue<int>().ShouldBe(1);
        (inside[1], inside[2]).ShouldBe(("0", own));
        JsonNode.Parse(inside[0])!["pid"]!.GetValue<int>().ShouldBe(1);
    }

    // CVE-2019-5736: who cannot mount is not protected by a mount; his own file could be written by the container, another's cannot.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_runtimes_file_is_out_of_the_containers_reach(bool own)
    {
        Host.Shell($"chown {(own ? User : 0)} \"$1\"", _binary);
        var file = Path.Combine(_folder, "run/exe");
        Run(own ? "mine" : "others", "true", config =>
            config["hooks"] = new JsonObject { ["createRuntime"] = new JsonArray(new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", $"readlink /proc/$PPID/exe >{file}") }) });
        File.ReadAllText(file).Trim().ShouldBe(own ? "/memfd:sampan-runtime (deleted)" : _binary);
    }

    // CVE-2023-25809: with the host's cgroup namespace the host's trees were left writable.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Control_groups_are_not_to_be_written(bool ownNamespace)
    {
        var result = Run(ownNamespace ? "own" : "hosts", "for d in /sys/fs/cgroup /sys/fs/cgroup/*; do test ! -d $d || mkdir $d/escape 2>&1 || true; done", config =>
        {
            if (!ownNamespace)
            {
                WithoutNamespace(config, "cgroup");
            }
        });
        result.Split('\n').ShouldAllBe(line => line.EndsWith("Read-only file system", StringComparison.Ordinal));
    }

    [Fact]
    public void A_terminal_is_its_own()
    {
        var bundle = Bundle("terminal", "tty; ls -l /dev/console | cut -c1", config => config["process"]!["terminal"] = true);
        using var terminal = new PseudoTerminal("/bin/bash", Words("", ["run", "--bundle", bundle, "terminal"]));
        terminal.Expect("/dev/pts/0");
        terminal.Expect("c");
    }

    [Fact]
    public void Limits_it_cannot_have_are_an_error()
    {
        var bundle = Bundle("limited", "true", config => config["linux"]!["resources"] = new JsonObject { ["pids"] = new JsonObject { ["limit"] = 5 } });
        Runtime("run", "--bundle", bundle, "limited").ShouldFail(1, "cannot set pids limit", "could not join or create cgroup");
        Runtime("list", "-q").ShouldSucceed().ShouldBeEmpty();
        var named = Bundle("named", "true", config => config["linux"]!["cgroupsPath"] = "/sampan-rootless-none");
        Runtime("run", "--bundle", named, "named").ShouldFail(1, "/sampan-rootless-none");
        var strict = Bundle("strict", "true");
        Runtime("--rootless=false", "run", "--bundle", strict, "strict").ShouldFail(1, "cgroup");
    }

    [Fact]
    public void Without_a_user_namespace_there_is_none()
    {
        var bundle = Bundle("flat", "true", config =>
        {
            WithoutNamespace(config, "user");
            config["linux"]!.AsObject().Remove("uidMappings");
            config["linux"]!.AsObject().Remove("gidMappings");
        });
        Runtime("run", "--bundle", bundle, "flat").ShouldFail(1, "rootless container requires user namespaces");
    }

    [Fact]
    public void Further_ids_are_mapped_by_newuidmap()
    {
        var bundle = Bundle("ids", "cat /proc/self/uid_map | tr -s ' '; id -G", config =>
        {
            foreach (var kind in (string[])["uidMappings", "gidMappings"])
            {
                config["linux"]![kind] = new JsonArray(
                    new JsonObject { ["containerID"] = 0, ["hostID"] = User, ["size"] = 1 }, new JsonObject { ["containerID"] = 1, ["hostID"] = 700000, ["size"] = 1000 });
            }

            if (!BundleHost.IsPeer)
            {
                config["process"]!["user"]!["additionalGids"] = new JsonArray(5);
            }
        });
        if (!File.Exists("/usr/bin/newuidmap") || !File.Exists("/etc/subuid") || !File.Exists("/etc/subgid"))
        {
            Runtime("run", "--bundle", bundle, "ids").ShouldFail(1, "newuidmap");
            Assert.Skip("newuidmap is not installed: only its absence was tested");
        }

        // The host's own /etc/subuid stays as it is: a mount over it is in a namespace of this command's.
        var map = Path.Combine(_folder, "subids");
        File.WriteAllText(map, $"{User}:700000:1000\n");
        var wrapper = $"unshare --mount sh -c 'mount --bind {map} /etc/subuid; mount --bind {map} /etc/subgid; exec \"$@\"' sh";
        As(wrapper, "run", "--bundle", bundle, "ids").ShouldSucceed().Split('\n').Select(line => line.Trim()).ShouldBe([$"0 {User} 1", "1 700000 1000", BundleHost.IsPeer ? "0" : "0 5"]);
        File.WriteAllText(map, $"{User}:800000:1000\n");
        As(wrapper, "run", "--bundle", bundle, "ids").ShouldFail(1, "newuidmap refuses");
    }
}
