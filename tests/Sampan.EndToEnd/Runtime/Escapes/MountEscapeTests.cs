using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime.Escapes;

/// <summary>Links, swapped and not, where the runtime mounts, makes places, masks and writes.</summary>
public sealed class MountEscapeTests(BundleHost host) : IClassFixture<BundleHost>
{
    private const int Starts = 250;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(6);

    private static JsonObject Mount(string destination, string type, string source, params string[] options) => new()
    {
        ["destination"] = destination,
        ["type"] = type,
        ["source"] = source,
        ["options"] = new JsonArray([.. options.Select(option => (JsonNode)option)]),
    };

    // A root filesystem of its own, so that links in it harm nobody else's.
    private string OwnRoot(string name)
    {
        var root = Path.Combine(host.Folder, "root-" + name);
        Harness.Host.Shell("cp -a \"$1\" \"$2\"", host.Rootfs, root);
        return root;
    }

    private (string Volume, Canary Canary) Volume(string name)
    {
        var canary = new Canary(host.Folder);
        var volume = Path.Combine(host.Folder, "volume-" + name);
        Harness.Host.Shell("mkdir -p \"$1/place/below\"; touch \"$1/place/file\"; ln -s \"$2\" \"$1/link\"", volume, canary.Folder);
        return (volume, canary);
    }

    // Starts again and again beside a racer; returns what the successful ones printed.
    private List<string> Race(string id, string bundle, Racer racer)
    {
        var outputs = new List<string>();
        var watch = Stopwatch.StartNew();
        var starts = 0;
        for (; starts < Starts && watch.Elapsed < Enough; starts++)
        {
            var result = host.Detached("run", "--bundle", bundle, id);
            if (result.ExitCode == 0)
            {
                outputs.Add(result.Output);
            }
            else
            {
                Malformed.HostileBundle.OneError(result, "run");
            }

            host.LeftOf(id).ShouldBeEmpty();
        }

        racer.ShouldHaveRun(starts);
        starts.ShouldBeGreaterThan(20);
        return outputs;
    }

    /// <summary>CVE-2021-30465, CVE-2023-28642: a mount's destination on a shared volume is swapped for a link.</summary>
    [Fact]
    public void A_destination_swapped_for_a_link_stays_in_the_root()
    {
        var (volume, canary) = Volume("swapped");
        using var watch = canary;
        var bundle = host.Bundle("swapped", "cat /proc/self/mountinfo", config =>
        {
            config["root"]!["path"] = OwnRoot("swapped");
            config["root"]!["readonly"] = false;
            config["mounts"]!.AsArray().Add(Mount("/volume", "bind", volume, "rbind"));
            config["mounts"]!.AsArray().Add(Mount("/volume/place", "tmpfs", "escapist", "size=80k"));
            config["mounts"]!.AsArray().Add(Mount("/volume/place/deep/target", "tmpfs", "escapist", "size=80k"));
        });
        using var racer = new Racer(host.Folder, volume + "/place", volume + "/link");
        foreach (var output in Race("swapped", bundle, racer))
        {
            // Both in sight: one that had been put beyond the root would be gone with the host's.
            output.Split('\n').Count(line => line.Contains("size=80k", StringComparison.Ordinal)).ShouldBe(2, output);
        }

        canary.ShouldBeUntouched();
    }

    /// <summary>CVE-2024-45310: places for mounts are made; a link swapped in on the way must not lead the making out.</summary>
    [Fact]
    public void A_missing_place_is_not_made_on_the_host()
    {
        var (volume, canary) = Volume("missing");
        using var watch = canary;
        var source = Path.Combine(host.Folder, "one-file");
        File.WriteAllText(source, "");
        var bundle = host.Bundle("missing", "true", config =>
        {
            config["root"]!["path"] = OwnRoot("missing");
            config["root"]!["readonly"] = false;
            config["mounts"]!.AsArray().Add(Mount("/volume", "bind", volume, "rbind"));
            for (var i = 0; i < 20; i++)
            {
                config["mounts"]!.AsArray().Add(Mount($"/volume/place/below/dir{i}/deep", "bind", host.Rootfs, "rbind"));
                config["mounts"]!.AsArray().Add(Mount($"/volume/place/inner/file{i}", "bind", source, "bind"));
            }

            config["process"]!["cwd"] = "/volume/place/inner/cwd";
        });
        using var racer = new Racer(host.Folder, volume + "/place", volume + "/link");
        _ = Race("missing", bundle, racer);
        canary.ShouldBeUntouched();
    }

    /// <summary>CVE-2025-31133: what masks a path must be the null device, whatever the image or another container makes of /dev/null.</summary>
    [Fact]
    public void What_masks_a_path_is_not_the_images_null_device()
    {
        var root = OwnRoot("masked");
        var pattern = File.ReadAllText("/proc/sys/kernel/core_pattern");
        Harness.Host.Shell("mkdir \"$1/shared\"; ln -s /proc/sys/kernel/core_pattern \"$1/shared/null\"; mknod \"$1/shared/other\" c 1 3", root);
        var bundle = host.Bundle("masked", "for f in version keys; do stat -L -c '%t:%T' /proc/$f; done; echo '|/escape' >/proc/version; echo '|/escape' >/proc/sys/kernel/core_pattern; true", config =>
        {
            config["root"]!["path"] = root;
            config["root"]!["readonly"] = false;
            var mounts = config["mounts"]!.AsArray();
            foreach (var mount in mounts.Where(mount => mount!["destination"]!.ToString().StartsWith("/dev", StringComparison.Ordinal)).ToList())
            {
                mounts.Remove(mount);
            }

            mounts.Add(Mount("/dev", "bind", root + "/shared", "rbind"));
            config["linux"]!["maskedPaths"] = new JsonArray("/proc/version", "/proc/keys");
        });
        using var racer = new Racer(host.Folder, root + "/shared/null", root + "/shared/other");
        foreach (var output in Race("masked", bundle, racer))
        {
            output.ShouldStartWith("1:3\n1:3\n");
        }

        File.ReadAllText("/proc/sys/kernel/core_pattern").ShouldBe(pattern);
    }

    /// <summary>CVE-2019-19921, CVE-2023-27561: an image whose /proc leads elsewhere would have its own files for the kernel's.</summary>
    [Theory]
    [InlineData("proc", "/tmp")]
    [InlineData("proc", "CANARY")]
    [InlineData("sys", "/tmp")]
    [InlineData("sys", "CANARY")]
    public void A_link_for_proc_or_sys_is_refused(string name, string target)
    {
        var root = OwnRoot($"{name}-{target.Length}");
        using var canary = new Canary(host.Folder);
        Harness.Host.Shell("rmdir \"$1/$2\"; ln -s \"$3\" \"$1/$2\"", root, name, target == "CANARY" ? canary.Folder : target);
        var bundle = host.Bundle($"link-{name}-{target.Length}", "true", config => config["root"]!["path"] = root);
        Malformed.HostileBundle.OneError(host.Detached("run", "--bundle", bundle, "link"), "run").ShouldContain("/" + name);
        host.LeftOf("link").ShouldBeEmpty();
        canary.ShouldBeUntouched();
    }

    /// <summary>CVE-2026-41579, CVE-2026-47766: an image whose /dev leads out of it.</summary>
    [Theory]
    [InlineData("../../../../../../../..")]
    [InlineData("")]
    public void A_link_for_dev_stays_in_the_root(string way)
    {
        var root = OwnRoot("dev" + way.Length);
        using var canary = new Canary(host.Folder);
        Harness.Host.Shell("rmdir \"$1/dev\"; ln -s \"$2\" \"$1/dev\"", root, way + canary.Folder);
        var id = "dev" + way.Length;
        var bundle = host.Bundle(id, "test -c /dev/null && ls -A /dev | head -3", config =>
        {
            config["root"]!["path"] = root;
            config["root"]!["readonly"] = false;
        });
        var result = host.Detached("run", "--bundle", bundle, id);
        if (result.ExitCode != 0)
        {
            Malformed.HostileBundle.OneError(result, "run");
        }

        host.LeftOf(id).ShouldBeEmpty();
        canary.ShouldBeUntouched();
    }

    /// <summary>The same without a file system on /dev: devices and links are made in what the image has there, or not at all.</summary>
    [Fact]
    public void Devices_are_not_made_through_a_link()
    {
        var root = OwnRoot("nodes");
        using var canary = new Canary(host.Folder);
        Harness.Host.Shell("rmdir \"$1/dev\"; ln -s \"$2\" \"$1/dev\"", root, canary.Folder);
        var bundle = host.Bundle("nodes", "true", config =>
        {
            config["root"]!["path"] = root;
            config["root"]!["readonly"] = false;
            config["mounts"] = new JsonArray(Mount("/proc", "proc", "proc"));
            config["linux"]!["devices"] = new JsonArray(new JsonObject { ["path"] = "/dev/escaped", ["type"] = "c", ["major"] = 1, ["minor"] = 3 });
            config["linux"]!["maskedPaths"] = new JsonArray();
            config["linux"]!["readonlyPaths"] = new JsonArray();
        });
        _ = host.Detached("run", "--bundle", bundle, "nodes");
        host.LeftOf("nodes").ShouldBeEmpty();
        canary.ShouldBeUntouched();
    }

    /// <summary>CVE-2019-16884: a volume on /proc would be written instead of the kernel's files, and masked instead of them.</summary>
    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/")]
    [InlineData("//proc/.")]
    [InlineData("/tmp/../proc")]
    [InlineData("/proc/self/attr")]
    [InlineData("/proc/sys/kernel")]
    public void A_volume_on_proc_is_refused(string destination)
    {
        var volume = Path.Combine(host.Folder, "fake-proc");
        Directory.CreateDirectory(volume);
        foreach (var (type, source) in new[] { ("bind", volume), ("tmpfs", "tmpfs") })
        {
            var bundle = host.Bundle("onproc", "true", config => config["mounts"]!.AsArray().Add(Mount(destination, type, source, type == "bind" ? "rbind" : "size=1m")));
            Malformed.HostileBundle.OneError(host.Detached("run", "--bundle", bundle, "onproc"), "run").ShouldContain("/proc");
            host.LeftOf("onproc").ShouldBeEmpty();
        }
    }

    /// <summary>CVE-2025-52881: what the runtime writes to procfs must reach procfs, though the container has files of its own at those paths.</summary>
    [Fact]
    public void A_file_that_looks_like_procs_is_not_written()
    {
        var root = OwnRoot("fake");
        Harness.Host.Shell("mkdir -p \"$1\"/proc/self \"$1\"/proc/1 \"$1\"/proc/sys/kernel; for f in self/oom_score_adj 1/oom_score_adj sys/kernel/msgmax; do echo fake >\"$1/proc/$f\"; done", root);
        var bundle = host.Bundle("fake", "exec sleep 98765", config =>
        {
            config["root"]!["path"] = root;
            var mounts = config["mounts"]!.AsArray();
            mounts.Remove(mounts.Single(mount => mount!["destination"]!.ToString() == "/proc"));
            config["process"]!["oomScoreAdj"] = 123;
            config["linux"]!["sysctl"] = new JsonObject { ["kernel.msgmax"] = "4096" };
            config["linux"]!["maskedPaths"] = new JsonArray();
            config["linux"]!["readonlyPaths"] = new JsonArray();
        });
        host.Detached("run", "--detach", "--bundle", bundle, "fake").ShouldSucceed();
        var pid = JsonNode.Parse(host.Runtime("state", "fake").ShouldSucceed())!["pid"]!.GetValue<int>();
        File.ReadAllText($"/proc/{pid}/oom_score_adj").ShouldBe("123\n");
        Harness.Host.Shell("nsenter -t $1 -i cat /proc/sys/kernel/msgmax", $"{pid}").ShouldBe("4096");
        Harness.Host.Shell("cat \"$1\"/proc/self/oom_score_adj \"$1\"/proc/1/oom_score_adj \"$1\"/proc/sys/kernel/msgmax", root).ShouldBe("fake\nfake\nfake");
        host.Runtime("delete", "--force", "fake").ShouldSucceed();
    }

    /// <summary>CVE-2025-52565: what is mounted on /dev/console is the terminal the runtime made, and on nothing but /dev/console.</summary>
    [Fact]
    public void The_console_is_the_terminal_and_stays_in_the_root()
    {
        var root = OwnRoot("console");
        using var canary = new Canary(host.Folder);
        Harness.Host.Shell("mkdir \"$1/shared\" \"$1/shared/pts\"; touch \"$1/shared/console\"; ln -s \"$2/console\" \"$1/shared/swapped\"; ln -s pts/ptmx \"$1/shared/ptmx\"", root, canary.Folder);
        var bundle = host.Bundle("console", "grep ' /dev/console ' /proc/self/mountinfo; tty", config =>
        {
            config["root"]!["path"] = root;
            config["root"]!["readonly"] = false;
            config["process"]!["terminal"] = true;
            var mounts = config["mounts"]!.AsArray();
            mounts.Remove(mounts.Single(mount => mount!["destination"]!.ToString() == "/dev"));
            mounts.Insert(1, Mount("/dev", "bind", root + "/shared", "rbind"));
        });
        using var racer = new Racer(host.Folder, root + "/shared/console", root + "/shared/swapped");
        var starts = 0;
        for (var watch = Stopwatch.StartNew(); starts < Starts && watch.Elapsed < Enough; starts++)
        {
            // script(1) gives it a terminal.
            var result = host.Detached(["-qec", $"{BundleHost.Binary} --root {host.State} run --bundle {bundle} console", "/dev/null"], "script");
            if (result.ExitCode == 0 && result.Output.Contains("/dev/console ", StringComparison.Ordinal))
            {
                result.Output.ShouldContain(" - devpts ");
            }

            host.LeftOf("console").ShouldBeEmpty();
        }

        racer.ShouldHaveRun(starts);
        canary.ShouldBeUntouched();
    }
}
