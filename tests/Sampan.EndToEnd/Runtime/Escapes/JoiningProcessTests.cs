using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime.Escapes;

/// <summary>What a container can reach of the runtime's own processes and files.</summary>
public sealed class JoiningProcessTests(BundleHost host) : IClassFixture<BundleHost>
{
    private const int Execs = 300;

    private static string Hash => Harness.Host.Shell("sha256sum < \"$1\"", BundleHost.Binary);

    /// <summary>CVE-2016-9962: while processes join, the container's root opens their descriptors and memory, traces them, and tries to write their executable.</summary>
    [Fact]
    public void Is_out_of_reach_while_it_joins()
    {
        var (seen, grasped, written) = Grasp("grasped", host.State, [], "true", Execs);
        (grasped, written).ShouldBe((0, 0), $"of {seen} it saw");
        seen.ShouldBeGreaterThan(0, "it saw none, so this proves nothing");
    }

    /// <summary>
    /// CVE-2019-5736 with CAP_SYS_PTRACE, which reaches every process in sight that has no user namespace between: the executable of one
    /// that joins can be opened as soon as it is no longer busy, but never for writing.
    /// </summary>
    [Fact]
    public void Its_executable_is_not_written_by_who_may_trace_it()
    {
        var (seen, grasped, written) = Grasp("traced", host.State, ["CAP_SYS_PTRACE"], "true", Execs);
        written.ShouldBe(0, $"of {seen} it saw and {grasped} it held");
        grasped.ShouldBeGreaterThan(0, "it held none, so this proves nothing");
    }

    /// <summary>
    /// CVE-2019-5736 as it was found: the command is a script whose interpreter is /proc/self/exe, so that the runtime becomes a process of
    /// the container, with the container's own libraries, and leaves a way to its file.
    /// </summary>
    [Fact]
    public void Its_executable_as_an_interpreter_is_not_written()
    {
        Harness.Host.Shell(
            "printf '#!/proc/self/exe\n' >\"$2/bin/evil\"; chmod 755 \"$2/bin/evil\"; for f in $(ldd \"$1\" | grep -o '/[^ ]*'); do mkdir -p \"$2$(dirname $f)\"; cp -L $f \"$2$f\"; done",
            BundleHost.Binary, host.Rootfs);
        var (seen, _, written) = Grasp("evil", "/bin/evil", [], "/bin/evil", Execs);
        written.ShouldBe(0, $"of {seen} it saw");
        seen.ShouldBeGreaterThan(0, "it saw none, so this proves nothing");

        // It did run there: what it has to say about a verb of that name is the proof.
        host.Detached("run", "--detach", "--bundle", host.Bundle("evil-seen", "exec sleep 98765"), "evil-seen").ShouldSucceed();
        host.Detached("exec", "evil-seen", "/bin/evil").Error.ShouldContain("/bin/evil");
        host.Runtime("delete", "--force", "evil-seen").ShouldSucceed();
        var hash = Hash;
        var own = host.Bundle("evil-itself", "true", config => config["process"]!["args"] = new JsonArray("/bin/evil"));
        for (var i = 0; i < 20; i++)
        {
            _ = host.Detached("run", "--bundle", own, "evil-itself");
            host.LeftOf("evil-itself").ShouldBeEmpty();
        }

        Hash.ShouldBe(hash);
    }

    // Executes a command many times in a container whose first process reaches for whoever has a word in its command line.
    private (long Seen, long Grasped, long Written) Grasp(string id, string mark, string[] capabilities, string command, int times)
    {
        var before = Hash;
        using var tool = new Tool("grasp");
        tool.Install(host.Rootfs, "/bin/grasp");
        File.Delete(Path.Combine(host.Rootfs, "grasp"));
        var bundle = host.Bundle(id, "exec /bin/grasp " + mark, config =>
        {
            config["root"]!["readonly"] = false;
            foreach (var set in new[] { "bounding", "effective", "permitted" })
            {
                var list = config["process"]!["capabilities"]![set]!.AsArray();
                foreach (var name in capabilities.Concat(["CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETUID", "CAP_MKNOD"]))
                {
                    list.Add(name);
                }
            }
        });
        host.Detached("run", "--detach", "--bundle", bundle, id).ShouldSucceed();
        var file = Path.Combine(host.Rootfs, "grasp");
        Patience.ShouldCome(() => File.Exists(file) && new FileInfo(file).Length == 24, "it begins");
        Harness.Host.Shell("for i in $(seq $1); do \"$2\" --root \"$3\" exec $4 $5 </dev/null >/dev/null 2>&1 || true; done", $"{times}", BundleHost.Binary, host.State, id, command);
        var numbers = File.ReadAllBytes(file);
        host.Runtime("delete", "--force", id).ShouldSucceed();
        Hash.ShouldBe(before);
        return (BitConverter.ToInt64(numbers, 0), BitConverter.ToInt64(numbers, 8), BitConverter.ToInt64(numbers, 16));
    }

    /// <summary>CVE-2024-21626: a working directory that is one of the runtime's descriptors.</summary>
    [Fact]
    public void No_descriptor_is_a_way_out()
    {
        File.WriteAllText(Path.Combine(host.Folder, "secret"), "ESCAPED");
        var script = $"cat ../../../../../../../../..{host.Folder}/secret 2>/dev/null; pwd -P; ls -d ../../../../../../../../..{host.Folder} 2>/dev/null; true";
        var holder = host.Bundle("holder", "exec sleep 98765", config => config["root"]!["readonly"] = false);
        host.Detached("run", "--detach", "--bundle", holder, "holder").ShouldSucceed();
        for (var number = 0; number < 256; number++)
        {
            foreach (var cwd in number < 24 ? new[] { $"/proc/self/fd/{number}", $"/proc/1/fd/{number}", $"/proc/self/fd/{number}/../../..", $"/proc/thread-self/fd/{number}" } : [$"/proc/self/fd/{number}"])
            {
                var bundle = host.Bundle("cwd", script, config => config["process"]!["cwd"] = cwd);
                ShouldBeInside(host.Detached("run", "--bundle", bundle, "cwd"));
                host.LeftOf("cwd").ShouldBeEmpty();
                ShouldBeInside(host.Detached("exec", "--cwd", cwd, "holder", "/bin/sh", "-c", script));
            }
        }

        // ls has 3 for what it reads.
        host.Detached("exec", "holder", "ls", "/proc/self/fd").ShouldSucceed().ShouldBe("0\n1\n2\n3");
        var inherited = host.Bundle("inherited", "ls /proc/self/fd", _ => { });
        Harness.Host.Shell("exec 3</ 7</etc 9>&1 200</; \"$1\" --root \"$2\" run --bundle \"$3\" inherited", BundleHost.Binary, host.State, inherited).ShouldBe("0\n1\n2\n3");
        host.Runtime("delete", "--force", "holder").ShouldSucceed();

        static void ShouldBeInside(CommandResult result)
        {
            result.Output.ShouldNotContain("ESCAPED", Case.Sensitive, result.ToString());
            result.Output.ShouldNotContain("unreachable", Case.Sensitive, result.ToString());
            result.Output.ShouldNotContain("sampan-oci-", Case.Sensitive, result.ToString());
        }
    }
}
