using System.Diagnostics;

namespace Sampan.EndToEnd.Failures;

/// <summary>
/// Every file of the root and state directories that belongs to one object is emptied, cut, filled with rubbish or replaced by something that is no
/// file in turn: nothing hangs, the others are unaffected, what is broken is named, and it can be removed.
/// </summary>
public sealed class DamagedFileTests : IDisposable
{
    private static readonly string[] Damages = ["empty", "truncated", "rubbish", "missing", "directory", "full directory", "link", "dangling link", "fifo", "socket"];

    private static readonly string[] Files =
    [
        "ROOT/containers/ID/container.json", "ROOT/containers/ID/state.json", "ROOT/containers/ID/health.json", "ROOT/containers/ID/monitor.lock",
        "ROOT/containers/ID/hosts", "ROOT/containers/ID/hostname", "ROOT/containers/ID/resolv.conf", "ROOT/containers/ID/ID-json.log", "ROOT/containers/ID/ID-json.log.1",
        "ROOT/containers/ID/ID-json.log.2.gz",
        "ROOT/names/broken", "ROOT/volumes/data/volume.json", "STATE/ID",
    ];

    private readonly BusyboxHost _host = new();

    public static TheoryData<string> Names() => [.. Files];

    [Theory]
    [MemberData(nameof(Names))]
    public void Of_a_stopped_container(string file) => Each(file, running: false);

    [Theory]
    [InlineData("ROOT/containers/ID/state.json")]
    [InlineData("ROOT/containers/ID/monitor.lock")]
    [InlineData("ROOT/names/broken")]
    [InlineData("STATE/ID/monitor.sock")]
    public void Of_a_running_container(string file) => Each(file, running: true);

    [Theory]
    [InlineData("ROOT/containers/ID/state.json", "its state is damaged (--repair: let its monitor write it again)")]
    [InlineData("STATE/ID/monitor.sock", "nobody can reach its monitor: ")]
    public void A_container_that_runs_goes_on_when_it_is_repaired(string file, string words)
    {
        foreach (var damage in Damages.Except(file.EndsWith("state.json", StringComparison.Ordinal) ? ["missing"] : ["empty", "truncated"]))
        {
            var id = _host.Detached("--name", "broken", "busybox", "sleep", "1000");
            var pid = _host.Pid(id);
            Damage(PathOf(file, id), damage);
            var check = _host.Sampan("system", "check");
            check.ExitCode.ShouldBe(1, damage);
            check.Output.ShouldStartWith("container broken: " + words, Case.Sensitive, damage);
            _host.Sampan("system", "check", "--repair").ShouldSucceed();
            _host.Sampan("exec", id, "echo", "reached").ShouldSucceed().ShouldBe("reached", damage);
            _host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty(damage);
            (_host.Status(id), _host.Pid(id)).ShouldBe(("running", pid), damage);
            _host.Sampan("rm", "-f", id).ShouldSucceed();
        }
    }

    /// <summary>Whoever gives itself the monitor's command line is not taken for it.</summary>
    [Fact]
    public void A_monitor_without_a_socket_is_known_by_its_lock()
    {
        var id = _host.Detached("--name", "broken", "busybox", "sleep", "1000");
        var folder = Path.Combine(_host.Folder, "decoy");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "monitor"), "echo ready; read line; echo alive\n");
        var line = $"cd {folder}; exec -a sampan sh monitor --root {_host.Root} --state {_host.State} {id}";
        using var decoy = Process.Start(new ProcessStartInfo("bash", ["-c", line])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        decoy.StandardOutput.ReadLine().ShouldBe("ready");

        File.Delete(PathOf("STATE/ID/monitor.sock", id));
        _host.Sampan("exec", id, "echo", "reached").ShouldSucceed().ShouldBe("reached");
        decoy.StandardInput.WriteLine();
        decoy.StandardOutput.ReadLine().ShouldBe("alive");
        decoy.WaitForExit();
        _host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    [Fact]
    public void Every_file_of_a_container_is_in_the_list()
    {
        var id = Make(running: true);
        var listed = Files.Append("STATE/ID/monitor.sock").Select(file => PathOf(file, id)).ToHashSet();
        string[] own = [Path.Combine(_host.Root, "containers", id), Path.Combine(_host.State, id), Path.Combine(_host.Root, "volumes/data")];
        string[] trees = ["upper", "work", "rootfs", "_data"];
        own.SelectMany(folder => Directory.GetFiles(folder)).Where(path => !listed.Contains(path)).Select(path => path.Replace(id, "ID"))
            .ShouldBeSubsetOf(own.SelectMany(_ => new[] { ".log.1.gz", ".log.1.gz.new" }.Select(end => Path.Combine(_host.Root, "containers/ID/ID-json") + end)).Distinct());
        own.SelectMany(folder => Directory.GetDirectories(folder)).Select(Path.GetFileName).ShouldBeSubsetOf(trees);
    }

    [Fact]
    public void The_journal_of_events()
    {
        var path = Path.Combine(_host.State, "events.jsonl");
        foreach (var damage in Damages)
        {
            Damage(path, damage);
            _host.Sampan("run", "--rm", "busybox", "echo", "on").ShouldSucceed().ShouldBe("on");
            var events = _host.Sampan("events", "--since", "1h", "--until", "0s");
            events.ShouldBeComposed();
            if (events.ExitCode != 0)
            {
                events.Error.ShouldContain(path + " is damaged", Case.Sensitive);
            }

            Host.Shell("rm -rf \"$1\"", path);
            _host.Sampan("run", "--rm", "busybox", "true").ShouldSucceed();
            _host.Sampan("events", "--since", "1h", "--until", "0s").Output.ShouldContain("container die");
        }
    }

    [Fact]
    public void The_compiled_filters()
    {
        _host.Run("true");
        foreach (var damage in Damages)
        {
            var path = Directory.GetFileSystemEntries(Path.Combine(_host.Root, "seccomp")).First(entry => entry.EndsWith(".bpf", StringComparison.Ordinal));
            Damage(path, damage);
            _host.Run("grep Seccomp: /proc/self/status").ShouldMatch(@"Seccomp:\s+2");
            Host.Shell("rm -rf \"$1\"", path);
            _host.Run("true");
        }
    }

    [Fact]
    public void Files_of_an_image()
    {
        var source = _host.Sampan("create", "busybox").ShouldSucceed();
        _host.Sampan("commit", "--change", "LABEL a=b", source, "hurt").ShouldSucceed();
        _host.Sampan("rm", source).ShouldSucceed();
        var id = Id("hurt");
        var kept = Path.Combine(_host.Folder, "kept");
        var note = Directory.GetFiles(Path.Combine(_host.Root, "layers"), "*.json").Single();
        foreach (var path in new[] { Path.Combine(_host.Root, "blobs/sha256", id), note })
        {
            foreach (var damage in Damages)
            {
                Host.Shell("rm -rf \"$2\"; cp -a \"$1\" \"$2\"", path, kept);
                Damage(path, damage);
                _host.Run("echo on").ShouldBe("on");
                var list = _host.Sampan("images", "--format", "{{.Repository}} {{.Size}}");
                list.ShouldSucceed().ShouldContain("busybox ");
                list.Output.ShouldNotContain(" 0B", Case.Sensitive, damage);
                _host.Sampan("system", "df").ShouldSucceed();
                var found = _host.Sampan("system", "check");
                found.ExitCode.ShouldBe(path == note ? 0 : 1, found.ToString());
                found.Output.ShouldContain(path == note ? "" : "image hurt:latest", Case.Sensitive);
                _host.Sampan("run", "--rm", "hurt", "true").ShouldBeComposed(125).ShouldBe(path == note, damage);
                Host.Shell("rm -rf \"$2\"; cp -a \"$1\" \"$2\"", kept, path);
            }
        }

        Damage(Path.Combine(_host.Root, "blobs/sha256", id), "rubbish");
        _host.Sampan("rmi", "hurt").ShouldSucceed();
        _host.Sampan("system", "check").ShouldSucceed();
        _host.Run("echo on").ShouldBe("on");
    }

    [Fact]
    public void The_index_of_the_images()
    {
        var id = _host.Detached("--name", "well", "busybox", "sleep", "1000");
        var path = Path.Combine(_host.Root, "index.json");
        var kept = Path.Combine(_host.Folder, "kept");
        File.Copy(path, kept);
        foreach (var damage in Damages)
        {
            Damage(path, damage);
            _host.Sampan("ps", "-q", "--no-trunc").ShouldSucceed().ShouldBe(id, damage);
            _host.Sampan("restart", "-t", "0", "well").ShouldSucceed();
            _host.Sampan("exec", "well", "echo", "on").ShouldSucceed().ShouldBe("on");
            var images = _host.Sampan("images");
            images.ShouldBeComposed().ShouldBe(damage == "missing");
            if (damage != "missing")
            {
                images.Error.ShouldContain(path, Case.Sensitive, damage);
                _host.Sampan("run", "--rm", "busybox", "true").ShouldFailInOneLine(125, path);
                _host.Sampan("system", "check").ExitCode.ShouldBe(1);
            }

            Host.Shell("rm -rf \"$2\"; cp \"$1\" \"$2\"", kept, path);
        }

        _host.Sampan("system", "check").ShouldSucceed();
    }

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();

    private static void Damage(string path, string damage) => Host.Shell(
        damage switch
        {
            "empty" => ": > \"$1\"",
            "truncated" => "truncate -s $(($(stat -c %s \"$1\") / 2)) \"$1\"",
            "rubbish" => "printf '\\0\\1rubbish{[\"' > \"$1.x\"; mv -T \"$1.x\" \"$1\" 2>/dev/null || { rm -rf \"$1\"; mv -T \"$1.x\" \"$1\"; }",
            "missing" => "rm -rf \"$1\"",
            "directory" => "rm -rf \"$1\"; mkdir \"$1\"",
            "full directory" => "rm -rf \"$1\"; mkdir -p \"$1/sub\"; echo x > \"$1/sub/file\"",
            "link" => "rm -rf \"$1\"; ln -s /etc/passwd \"$1\"",
            "dangling link" => "rm -rf \"$1\"; ln -s /nowhere/at/all \"$1\"",
            "fifo" => "rm -rf \"$1\"; mkfifo \"$1\"",
            _ => "rm -rf \"$1\"; python3 -c 'import socket,sys; s=socket.socket(socket.AF_UNIX); import os; os.chdir(os.path.dirname(sys.argv[1])); s.bind(os.path.basename(sys.argv[1]))' \"$1\"",
        },
        path);

    private void Each(string file, bool running)
    {
        var well = _host.Detached("--name", "well", "-v", "good:/v", "busybox", "sleep", "1000");
        var passwords = File.ReadAllText("/etc/passwd");
        foreach (var damage in Damages)
        {
            if (file is "STATE/ID" or "STATE/ID/monitor.sock" or "ROOT/names/broken" && damage is "empty" or "truncated")
            {
                // Not a file to begin with.
                continue;
            }

            var id = Make(running);
            var path = PathOf(file, id);
            var what = $"{file}: {damage}";
            Damage(path, damage);
            _host.Sampan("ps", "-q", "--no-trunc", "-f", "name=well").ShouldSucceed().ShouldBe(well, what);
            _host.Sampan("ps", "-a").ShouldSucceed();
            _host.Sampan("exec", "well", "echo", "alive").ShouldSucceed().ShouldBe("alive", what);
            _host.Sampan("volume", "ls", "-q").ShouldSucceed().Split('\n').ShouldContain("good", what);
            _host.Sampan("system", "df").ShouldSucceed().ShouldContain("Containers      2         ", Case.Sensitive, what);
            _host.Sampan("system", "df", "-v").ShouldSucceed();
            _host.Run("echo another").ShouldBe("another", what);
            var check = _host.Sampan("system", "check");
            check.Error.ShouldBeEmpty(what);
            if (IsNamed(file, damage))
            {
                check.ExitCode.ShouldBe(1, what);
                check.Output.ShouldMatch($"broken|{id}|volume data", what);
            }

            _host.Sampan("logs", id).ShouldBeComposed();
            _host.Sampan("inspect", id).ShouldBeComposed();

            // Started again or refused in one line, as it may be.
            _host.Sampan("start", id).ShouldBeComposed();
            var removed = _host.Sampan("rm", "-f", id);
            if (!file.EndsWith("container.json", StringComparison.Ordinal))
            {
                removed.ShouldSucceed();
            }

            _host.Sampan("volume", "rm", "-f", "data").ShouldBeComposed();
            _host.Sampan("system", "check", "--repair").ShouldSucceed();
            _host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty(what);
            _host.Sampan("ps", "-aq", "--no-trunc").ShouldSucceed().ShouldBe(well, what);
            Directory.Exists(Path.Combine(_host.Root, "containers", id)).ShouldBeFalse(what);
            Patience.ShouldCome(() => _host.Monitors().Count == 1, "no monitor of it is left: " + what);
        }

        File.ReadAllText("/etc/passwd").ShouldBe(passwords);
    }

    // What is made anew by the next start needs no name; what says who or what something is does.
    private static bool IsNamed(string file, string damage) => file switch
    {
        "ROOT/containers/ID/container.json" or "ROOT/volumes/data/volume.json" or "ROOT/names/broken" => true,
        "ROOT/containers/ID/state.json" or "ROOT/containers/ID/health.json" => damage != "missing",
        "STATE/ID/monitor.sock" => true,
        _ => false,
    };

    private string Make(bool running)
    {
        var id = _host.Detached(
            "--name", "broken", "-v", "data:/data", "--health-cmd", "true", "--health-interval", "50ms", "--log-opt", "max-size=1k", "--log-opt", "max-file=3", "--log-opt", "compress=true",
            "busybox", "sh", "-c", "i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done; exec sleep 1000");

        // Healthy, its state is not written any more.
        Patience.ShouldCome(() => _host.Sampan("logs", "--tail", "1", id).Text == "line 299" && _host.Sampan("inspect", "-f", "{{.State.Health.Status}}", id).Text == "healthy", "it has all its files");
        if (!running)
        {
            // Which of the old logs is packed by now is a matter of time: here it is one and one.
            _host.Sampan("stop", "-t", "0", id).ShouldSucceed();
            Host.Shell("rm -f \"$1\".*; cp \"$1\" \"$1.1\"; gzip -c \"$1\" > \"$1.2.gz\"", PathOf("ROOT/containers/ID/ID-json.log", id));
        }

        return id;
    }

    private string Id(string image)
    {
        var id = _host.Sampan("images", "-q", "--no-trunc", image).ShouldSucceed();
        return id[(id.IndexOf(':') + 1)..];
    }

    private string PathOf(string file, string id) => file.Replace("ROOT", _host.Root).Replace("STATE", _host.State).Replace("ID", id);
}
