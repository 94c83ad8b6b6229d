using System.Text;
using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime.Malformed;

/// <summary>Configurations that are no JSON, contradict themselves, or ask for what there is not: each is refused by a word that helps.</summary>
public sealed class MalformedConfigurationTests(HostileBundle bundle) : IClassFixture<HostileBundle>
{
    private static readonly Dictionary<string, (Action<JsonObject> Change, string Word)> Documents = Table();

    public static TheoryData<string> Names => [.. Documents.Keys];

    public static TheoryData<string> FileSystems => ["proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup", "bind", "overlay", "nosuchfs"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Refused(string name)
    {
        var config = bundle.Valid();
        Documents[name].Change(config);
        bundle.Create(config).ShouldContain(Documents[name].Word, Case.Sensitive);
    }

    [Fact]
    public void Truncated_anywhere()
    {
        var whole = Encoding.UTF8.GetBytes(bundle.Valid().ToJsonString());
        for (var length = 0; length < whole.Length; length += Math.Max(whole.Length / 97, 1))
        {
            bundle.Create(whole[..length]).ShouldContain("config.json is not valid: no JSON from line 1");
        }
    }

    [Theory]
    [InlineData("\u00ef\u00bb\u00bf{}", "no JSON from line 1, byte 1")]
    [InlineData("[]", "an object is expected, not an array")]
    [InlineData("5", "an object is expected, not the number 5")]
    [InlineData("null", "an object is expected, not null")]
    [InlineData("\"text\"", "an object is expected, not this string")]
    [InlineData("{}{}", "no JSON")]
    [InlineData("{}", "ociVersion is missing")]
    [InlineData("{,}", "no JSON")]
    [InlineData("{\"ociVersion\":}", "no JSON")]
    [InlineData("{\"ociVersion\":\"1.0\",}", "no JSON")]
    [InlineData("{'ociVersion':'1.0'}", "no JSON")]
    [InlineData("// comment\n{}", "no JSON from line 1")]
    [InlineData("{\"ociVersion\":NaN}", "no JSON")]
    [InlineData("{\"ociVersion\":\"\\x\"}", "no JSON")]
    [InlineData("{\"ociVersion\":\"\n\"}", "no JSON")]
    [InlineData("{\"ociVersion\":\"\0\"}", "no JSON")]
    [InlineData("\0", "no JSON")]
    [InlineData("{\"ociVersion\":\"1.0\",\"ociVersion\":7}", "ociVersion: a string is expected, not the number 7")]
    [InlineData("\u00ff\u00fe{\0}\0", "not UTF-8")]
    [InlineData("{\"ociVersion\":\"\u00ff\"}", "not UTF-8")]
    [InlineData("{\"ociVersion\":\"\u00c0\u0080\"}", "not UTF-8")]
    [InlineData("{\"ociVersion\":\"\\ud800\"}", "ociVersion")]
    [InlineData("{\"\\ud800\":null}", "ociVersion is missing")]
    [InlineData("{\"annotations\":{\"\\ud800\":\"x\"}}", "annotations")]
    [InlineData("{\"\\ud800\":5,\"x\":{\"a\":null}}", "ociVersion is missing")]
    [InlineData("{\"process\":{\"\\ud800\":5,\"cwd\":7}}", "process.cwd: a string is expected, not the number 7")]
    public void Not_a_document(string latin1, string word) => bundle.Create(Encoding.Latin1.GetBytes(latin1)).ShouldContain(word);

    [Theory]
    [MemberData(nameof(FileSystems))]
    public void An_unknown_mount_option(string type)
    {
        var config = bundle.Valid();
        var bind = type == "bind";
        config["mounts"]!.AsArray().Add(new JsonObject
        {
            ["destination"] = "/mnt",
            ["type"] = bind ? "none" : type,
            ["source"] = bind ? bundle.Host.Folder : type,
            ["options"] = bind ? new JsonArray("bind", "no_such_option=5") : new JsonArray("no_such_option=5"),
        });
        bundle.Create(config).ShouldContain(type switch { "cgroup" or "bind" => "unknown option", "nosuchfs" => "ENODEV", _ => "EINVAL" });
    }

    [Theory]
    [InlineData("[", 64)]
    [InlineData("{\"a\":", 64)]
    [InlineData("[", 15)]
    [InlineData("{\"a\":", 15)]
    [InlineData("N", 64)]
    [InlineData("\0", 64)]
    [InlineData(" ", 15)]
    [InlineData("[5,", 15)]
    public void Large_ones_take_no_memory(string unit, int mebibytes)
    {
        using var measure = new Tool("peak");
        using (var file = new StreamWriter(bundle.File))
        {
            var block = string.Concat(Enumerable.Repeat(unit, 65536));
            for (long written = 0; written < (long)mebibytes << 20; written += block.Length)
            {
                file.Write(block);
            }
        }

        ShouldBeRefusedSmall(measure, mebibytes > 16 ? "larger than 16 MiB" : "config.json is not valid");
    }

    [Theory]
    [InlineData("annotations", 64)]
    [InlineData("annotations", 15)]
    [InlineData("args", 15)]
    [InlineData("depth", 10)]
    [InlineData("namespaces", 10)]
    public void Large_values_take_little_memory(string which, int mebibytes)
    {
        using var measure = new Tool("peak");
        var config = bundle.Valid();
        var length = mebibytes << 20;
        switch (which)
        {
            case "annotations":
                config["annotations"]!["key"] = new string('N', length);
                config["hostname"] = new string('h', 65);
                break;
            case "args":
                config["process"]!["args"] = new JsonArray("/bin/true", new string('N', length));
                break;
            case "depth":
                config["unknown"] = "@";
                break;
            default:
                config["linux"]!["namespaces"] = new JsonArray([.. Enumerable.Range(0, length / 16).Select(_ => (JsonNode)new JsonObject { ["type"] = "pid" })]);
                break;
        }

        File.WriteAllText(bundle.File, config.ToJsonString().Replace("\"@\"", string.Concat(Enumerable.Repeat("{\"a\":", length / 10)) + new string('}', length / 10)));
        ShouldBeRefusedSmall(measure, (which, mebibytes) switch
        {
            (_, 64) => "larger than 16 MiB",
            ("annotations", _) => "sethostname",
            ("args", _) => "argument list too long",
            ("depth", _) => "nested deeper than 64 levels",
            _ => "duplicated ns",
        });
    }

    [Fact]
    public void A_file_that_is_none()
    {
        try
        {
            Replace("mkdir \"$1\"");
            bundle.Create().ShouldContain("not a regular file");
            Replace("mkfifo \"$1\"");
            bundle.Create().ShouldContain("not a regular file");
            Replace("ln -s /dev/zero \"$1\"");
            bundle.Create().ShouldContain("not a regular file");
            Replace("ln -s config.json \"$1\"");
            bundle.Create().ShouldContain("ELOOP");
            Replace("true");
            bundle.Create().ShouldContain("config.json not found");
            Replace("ln -s /proc/self/mem \"$1\"");
            bundle.Create().ShouldContain("config.json");
        }
        finally
        {
            Replace("true");
        }
    }

    private void Replace(string script) => Harness.Host.Shell("rm -rf \"$1\"; " + script, bundle.File);

    private void ShouldBeRefusedSmall(Tool measure, string word)
    {
        var peak = Path.Combine(bundle.Host.Folder, "peak");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var result = bundle.Host.Detached([peak, BundleHost.Binary, "--root", bundle.Host.State, "run", "--bundle", bundle.Folder, "large"], measure.Path);
        HostileBundle.OneError(result, "run").ShouldContain(word);
        bundle.Host.LeftOf("large").ShouldBeEmpty();
        long.Parse(File.ReadAllText(peak)).ShouldBeLessThan(400 * 1024, "KiB of memory");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private static Dictionary<string, (Action<JsonObject> Change, string Word)> Table()
    {
        var table = new Dictionary<string, (Action<JsonObject> Change, string Word)>();
        void Set(string path, JsonNode? value, string word, string? name = null) =>
            table.Add(name ?? $"{path} = {value?.ToJsonString() ?? "absent"}", (config => Put(config, path, value?.DeepClone()), word));
        void Add(string path, JsonNode value, string word) =>
            table.Add($"{path} + {value.ToJsonString()}", (config => DocumentWalk.At(config, Place(path))!.AsArray().Add(value.DeepClone()), word));

        foreach (var (path, word) in new[]
        {
            ("ociVersion", "ociVersion is missing"), ("root", "root.path is missing"), ("root.path", "root.path is missing"), ("process", "process is missing"), ("process.args", "args must not be empty"),
            ("process.cwd", "Cwd must be an absolute path"), ("mounts.0.destination", "mount destination"), ("mounts.0.type", "/proc"), ("mounts.7.source", "no source"), ("hooks.prestart.0.path", "prestart hook #0"),
            ("hooks.poststop.0.path", "poststop hook #0"), ("linux.namespaces.0.type", "unknown namespace type"), ("linux.devices.0.path", "device path"), ("linux.devices.0.type", "device /dev/full"),
            ("process.rlimits.0.type", "rlimit type"), ("linux.seccomp.defaultAction", "seccomp: unknown action"), ("linux.seccomp.syscalls.0.names", "seccomp"), ("linux.seccomp.syscalls.0.action", "seccomp"),
            ("linux.seccomp.syscalls.0.args.0.op", "comparison"), ("process.ioPriority.class", "ioPriority"), ("process.scheduler.policy", "scheduler"), ("linux.memoryPolicy.mode", "memory policy"),
            ("linux.uidMappings", "uidMappings"), ("linux.gidMappings", "Mappings"),
        })
        {
            Set(path, null, word);
        }

        foreach (var version in new[] { "", "0.9", "2.0.0", "x", "1" })
        {
            Set("ociVersion", version, "ociVersion");
        }

        foreach (var path in new[]
        {
            "ociVersion", "process.args.0", "process.args.1", "process.env.0", "process.cwd", "process.rlimits.0.type", "process.capabilities.bounding.0", "root.path", "hostname", "domainname",
            "mounts.0.destination", "mounts.0.type", "mounts.0.source", "mounts.1.options.3", "mounts.7.source", "mounts.7.options.0", "hooks.prestart.0.path", "hooks.prestart.0.args.0", "hooks.poststop.0.env.0",
            "linux.cgroupsPath", "linux.sysctl.kernel~msgmax", "linux.namespaces.0.type", "linux.namespaces.0.path", "linux.devices.0.path", "linux.maskedPaths.0", "linux.readonlyPaths.0", "linux.rootfsPropagation",
            "linux.mountLabel", "linux.resources.cpu.cpus", "linux.seccomp.syscalls.0.names.0", "linux.intelRdt.closID", "process.apparmorProfile", "process.selinuxLabel", "linux.seccomp.listenerPath",
        })
        {
            Set(path, "a\0b", "contains NUL");
        }

        foreach (var variable in new[] { "", "x", "=", "=x" })
        {
            Set("process.env.0", variable, "invalid environment variable");
        }

        Set("process.cwd", "tmp", "Cwd must be an absolute path");
        Set("process.args.0", "", "the command is an empty string");
        Set("process.args.0", "/no/such/command", "no such file or directory");
        Set("process.args.0", "/tmp", "permission denied");
        Set("root.path", "/no/such/root", "is not a directory");
        Set("root.path", "/dev/null", "is not a directory");
        Set("root.path", new string('r', 5000), "is not a directory", "root.path too long");
        Set("hostname", new string('h', 65), "sethostname");
        Set("process.rlimits.0.type", "RLIMIT_NONE", "rlimit");
        Set("process.rlimits.0.soft", 10, "prlimit64");
        Add("process.rlimits", new JsonObject { ["type"] = "RLIMIT_CORE", ["soft"] = 0, ["hard"] = 0 }, "RLIMIT_CORE");
        Set("process.oomScoreAdj", 1001, "oom_score_adj");
        Set("process.ioPriority.class", "IOPRIO_CLASS_X", "ioPriority");
        Set("process.ioPriority.priority", 99, "prio");
        Set("process.scheduler.policy", "SCHED_X", "scheduler");
        Set("process.apparmorProfile", "no-such-profile", "apparmor");
        Set("process.selinuxLabel", "a:b:c:d", "selinux");
        Set("process.user.uid", 4294967295, "4294967295 is no id");
        Set("process.user.gid", 4294967295, "4294967295 is no id");
        Set("process.user.additionalGids.0", 4294967295, "4294967295 is no id");
        Set("process.user.gid", 70000, "setresgid");
        Set("process.user.uid", 70000, "setresuid");
        Set("linux.rootfsPropagation", "x", "rootfsPropagation");
        Set("linux.cgroupsPath", "/a/../../b", "cgroup");
        Set("linux.cgroupsPath", "/", "cgroup");
        Set("linux.personality.domain", "SUN", "personality");
        Set("linux.memoryPolicy.mode", "MPOL_X", "memory policy");
        Set("linux.timeOffsets.monotonic.nanosecs", 1_000_000_000, "nanosec");
        Set("linux.timeOffsets.realtime", new JsonObject { ["secs"] = 1 }, "realtime");
        Set("linux.resources.cpu.cpus", "9999", "cpuset");
        Set("linux.resources.cpu.cpus", "x", "cpuset");
        Set("linux.resources.cpu.quota", 5, "cpu");
        Set("linux.resources.memory.limit", -5, "memory");
        Set("linux.resources.memory.swappiness", 1000, "swappiness");
        Set("linux.resources.devices.1.access", "xyz", "device");
        Set("linux.resources.devices.1.type", "x", "device");
        Set("linux.resources.unified.no~such~file", "1", "no.such.file");
        Set("linux.resources.hugepageLimits.0", new JsonObject { ["pageSize"] = "3KB", ["limit"] = 5 }, "hugetlb");
        Set("linux.resources.rdma", new JsonObject { ["mlx5_1"] = new JsonObject { ["hcaHandles"] = 3 } }, "rdma");
        Set("linux.resources.network.classID", 5, "net_cls");
        Set("linux.devices.0.type", "x", "device");
        Set("linux.devices.0.path", "/dev/..", "/dev/..");
        Set("linux.intelRdt", new JsonObject { ["closID"] = "guaranteed" }, "intelRdt");
        Set("linux.mountLabel", "a:b:c:d", "selinux");
        Set("linux.netDevices", new JsonObject { ["nosuchdevice"] = new JsonObject() }, "nosuchdevice");
        Set("linux.sysctl.kernel~panic", "1", "kernel.panic");
        Set("linux.sysctl.net~no~such", "1", "net/no/such");
        Set("linux.sysctl.kernel~msgmax", "x", "msgmax");
        Set("linux.sysctl.net~//~//~//etc", "1", "sysctl");
        Set("linux.seccomp.defaultAction", "SCMP_ACT_X", "SCMP_ACT_X");
        Set("linux.seccomp.architectures.0", "SCMP_ARCH_X", "SCMP_ARCH_X");
        Set("linux.seccomp.flags.0", "SECCOMP_X", "SECCOMP_X");
        Set("linux.seccomp.syscalls.0.args.0.op", "SCMP_CMP_X", "SCMP_CMP_X");
        Set("linux.seccomp.syscalls.0.args.0.index", 6, "seccomp");
        Set("linux.seccomp.listenerMetadata", "x", "listenerMetadata");
        Set("linux.seccomp.defaultErrnoRet", 1, "defaultErrnoRet");
        Set("hooks.prestart.0.path", "bin/true", "prestart hook #0");
        Set("hooks.prestart.0.path", "/no/such/hook", "prestart hook #0");
        Set("hooks.prestart.0.path", "/bin/false", "prestart hook #0");
        Set("hooks.prestart.0.timeout", 0, "timeout");
        Set("hooks.poststop.0.timeout", -5, "timeout");
        Set("mounts.0.destination", "", "mount destination");
        Set("mounts.0.type", "nosuchfs", "because it is not of type proc");
        Set("mounts.7.source", "/no/such/source", "ENOENT");
        Set("mounts.7.options.0", "rbindx", "unknown option");
        Set("mounts.1.options.3", "size=lots", "EINVAL");
        Set("mounts.1.options.2", "mode=999", "EINVAL");
        Set("mounts.0.destination", "/" + new string('d', 300), "ENAMETOOLONG", "mount destination too long");
        Set("mounts.0.uidMappings", new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 0, ["size"] = 1 }), "id-mapped");
        Set("mounts.5.options", new JsonArray("tmpcopyup"), "tmpcopyup");
        foreach (var type in new[] { "pid", "network", "ipc", "uts", "mount", "cgroup", "user", "time" })
        {
            Add("linux.namespaces", new JsonObject { ["type"] = type }, "duplicated ns");
            Add("linux.namespaces", new JsonObject { ["type"] = type, ["path"] = "/proc/1/ns/" + type }, "duplicated ns");
        }

        Add("linux.namespaces", new JsonObject { ["type"] = "nonsense" }, "unknown namespace type");
        Add("linux.namespaces", new JsonObject { ["type"] = "PID" }, "unknown namespace type");
        foreach (var (at, word) in new[] { (0, "ENOENT"), (1, "ENOENT"), (2, "ENOENT"), (3, "ENOENT") })
        {
            Set($"linux.namespaces.{at}.path", "/no/such/namespace", word);
        }

        Set("linux.namespaces.1.path", "/dev/null", "EINVAL");
        Set("linux.namespaces.1.path", "/proc/self/ns/uts", "EINVAL");
        Set("linux.namespaces.7.path", "/proc/self/ns/time", "time namespace");
        Drop("user", "uidMappings", "user namespace mappings specified");
        Drop("uts", "hostname", "without a private UTS namespace");
        Drop("mount", "masked paths", "unable to restrict sys entries without a private MNT namespace");
        Drop("time", "offsets", "time namespace offsets specified");
        Drop("ipc", "kernel.msgmax", "kernel.msgmax");
        Set("linux.uidMappings.0.size", 0, "uid");
        Set("linux.uidMappings.0.size", 4294967295, "uid");
        Set("linux.uidMappings.0.containerID", 5, "", "root is not mapped");
        Add("linux.uidMappings", new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 }, "uid");
        return table;

        void Drop(string type, string what, string word) => table.Add(
            $"{what} without a {type} namespace",
            (config =>
            {
                var namespaces = config["linux"]!["namespaces"]!.AsArray();
                namespaces.Remove(namespaces.Single(item => item!["type"]!.ToString() == type));
            }, word));
    }

    // ~ stands for a dot within a name.
    private static object[] Place(string path) => [.. path.Split('.').Select(step => int.TryParse(step, out var index) ? (object)index : step.Replace('~', '.'))];

    private static void Put(JsonObject config, string path, JsonNode? value)
    {
        var place = Place(path);
        for (var depth = 1; depth < place.Length; depth++)
        {
            if (DocumentWalk.At(config, place.AsSpan(..depth)) is null)
            {
                DocumentWalk.Set(config, place[..depth], new JsonObject());
            }
        }

        if (value is null)
        {
            DocumentWalk.Remove(config, place);
        }
        else if (place[^1] is int index && DocumentWalk.At(config, place.AsSpan(..^1)) is JsonArray list && index == list.Count)
        {
            list.Add(value);
        }
        else
        {
            DocumentWalk.Set(config, place, value);
        }
    }
}
