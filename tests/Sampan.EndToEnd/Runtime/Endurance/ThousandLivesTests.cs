using System.Text.RegularExpressions;

namespace Sampan.EndToEnd.Runtime.Endurance;

/// <summary>A thousand containers one after the other leave the host as they found it.</summary>
public sealed partial class ThousandLivesTests(BundleHost host) : IClassFixture<BundleHost>
{
    private const int Lives = 1000;
    private const int Batch = 100;

    // Other tests run beside this one and have files, keys and mounts of their own.
    private const int OthersFiles = 3000;
    private const int OthersKeys = 100;
    private const int OthersNamespaces = 500;

    [Fact]
    public void Of_create_start_kill_and_delete()
    {
        var bundle = host.Bundle("lives", "exec sleep 98765");
        Repeat(Lives, "create --bundle \"$bundle\" \"$id\" && $runtime start \"$id\" && $runtime kill \"$id\" KILL && $runtime delete --force", bundle, "lives", 0);
    }

    [Fact]
    public void Of_creates_that_fail()
    {
        // Late, when all but the execution is done.
        var bundle = host.Bundle("failures", "true", config => config["process"]!["args"] = new System.Text.Json.Nodes.JsonArray("/no/such/command"));
        Repeat(Lives, "create --bundle \"$bundle\"", bundle, "failures", 1);
    }

    [Fact]
    public void Of_execs_beside_a_run()
    {
        var bundle = host.Bundle("execs", "echo up; exec sleep 98765");
        using var run = host.Start("run", "--bundle", bundle, "execs");
        run.Expect("up");
        Exec(20);
        var before = (Descriptors: Directory.GetFiles($"/proc/{run.Pid}/fd").Length, Memory: Kibibytes(run.Pid), Children: Members("execs"));
        for (var done = 0; done < Lives; done += Batch)
        {
            Exec(Batch);
        }

        Directory.GetFiles($"/proc/{run.Pid}/fd").Length.ShouldBe(before.Descriptors);
        Kibibytes(run.Pid).ShouldBeLessThan(before.Memory + 1024);
        Members("execs").ShouldBe(before.Children);
        host.Runtime("kill", "execs", "KILL").ShouldSucceed();
        run.Wait().ExitCode.ShouldBe(137);
        host.LeftOf("execs").ShouldBeEmpty();

        void Exec(int times) => Harness.Host.Shell("for i in $(seq $1); do \"$2\" --root \"$3\" exec execs true </dev/null; done", $"{times}", BundleHost.Binary, host.State);
    }

    private void Repeat(int times, string commands, string bundle, string id, int exitCode)
    {
        // The first makes what lasts: the state directory, the group above the containers', the compiled filter.
        Run(1);
        var before = Look();
        for (var done = 0; done < times; done += Batch)
        {
            Run(Batch);
        }

        host.LeftOf(id).ShouldBeEmpty();
        var after = Look();
        after.Groups.ShouldBe(before.Groups, "control groups");
        after.Mounts.ShouldBe(before.Mounts, "mounts");
        after.State.ShouldBe(before.State, "entries of the state directory");
        after.Processes.ShouldBe(before.Processes, "processes");
        after.Files.ShouldBeLessThan(before.Files + OthersFiles, "open files");
        after.Namespaces.ShouldBeLessThan(before.Namespaces + OthersNamespaces, "namespaces with a process in them");

        // A dead process's session keyring is collected a little later (keyrings(7)).
        Patience.ShouldCome(() => Keyrings(id) == 0, "session keyrings are left");
        Patience.ShouldCome(() => Keys() < before.Keys + OthersKeys, "keys are left");

        void Run(int count) => Harness.Host.Shell(
            $"runtime=\"$1 --root $2\" bundle=$3 id=$4; for i in $(seq $5); do $runtime {commands} \"$id\" </dev/null >/dev/null 2>&1 && code=0 || code=$?; test $code = {exitCode}; done",
            BundleHost.Binary, host.State, bundle, id, $"{count}");
    }

    private (string Groups, string Mounts, string State, int Processes, int Files, int Keys, int Namespaces) Look() => (
        Harness.Host.Shell("find /sys/fs/cgroup -path \"*$1/*\" -type d | grep -E '/(lives|failures|execs)$' || true", BundleHost.CgroupParent),
        string.Concat(File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(host.Folder))),
        string.Join(' ', Directory.GetFileSystemEntries(host.State)),
        Processes.Where(host.State).Count(),
        int.Parse(File.ReadAllText("/proc/sys/fs/file-nr").Split('\t')[0]),
        Keys(),
        int.Parse(Harness.Host.Shell("readlink /proc/[0-9]*/ns/* 2>/dev/null | sort -u | wc -l")));

    // "    0:    36 35/35 28/1000000 524/25000000": user, then usage, keys, of them instantiated, and quotas (keyrings(7)).
    private static int Keys() => int.Parse(KeysOfRoot().Match(File.ReadAllText("/proc/key-users")).Groups[1].Value);

    private static int Keyrings(string id) => File.ReadLines("/proc/keys").Count(line => line.Contains($"_ses.{id}:", StringComparison.Ordinal));

    private static int Members(string id) => BundleHost.CgroupsOf(id).First() is { } group ? File.ReadAllLines(group + "/cgroup.procs").Length : 0;

    private static long Kibibytes(int pid) => long.Parse(Processes.Status(pid, "VmRSS").Split(' ')[0]);

    [GeneratedRegex(@"^\s*0:\s+\d+ (\d+)/", RegexOptions.Multiline)]
    private static partial Regex KeysOfRoot();
}
