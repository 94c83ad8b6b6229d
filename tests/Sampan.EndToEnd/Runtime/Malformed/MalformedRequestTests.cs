using System.Text;
using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime.Malformed;

/// <summary>What comes besides the configuration: ids, state directories, and the documents of exec and update.</summary>
public sealed class MalformedRequestTests(MalformedRequestTests.Running running) : IClassFixture<MalformedRequestTests.Running>
{
    private const string Process = """
        {
          "terminal": false, "consoleSize": { "height": 24, "width": 80 }, "user": { "uid": 0, "gid": 0, "umask": 18, "additionalGids": [1] },
          "args": ["/bin/true", "x"], "env": ["PATH=/bin"], "cwd": "/", "capabilities": { "bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"] },
          "rlimits": [{ "type": "RLIMIT_CORE", "soft": 0, "hard": 0 }], "noNewPrivileges": true, "oomScoreAdj": 10,
          "ioPriority": { "class": "IOPRIO_CLASS_BE", "priority": 4 }, "scheduler": { "policy": "SCHED_OTHER", "nice": 1, "flags": [] }, "execCPUAffinity": { "initial": "0", "final": "0" }
        }
        """;

    private const string Resources = """
        {
          "memory": { "limit": 67108864, "reservation": 33554432, "swappiness": 60 }, "cpu": { "shares": 512, "quota": 50000, "period": 100000, "cpus": "0", "mems": "0" },
          "pids": { "limit": 100 }, "blockIO": { "weight": 0 }, "hugepageLimits": [], "unified": {}
        }
        """;

    private BundleHost Host => running.Host;

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("../../etc")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("ä")]
    [InlineData("$(id)")]
    [InlineData("%s")]
    [InlineData("LONG")]
    public void An_id_that_is_none(string id)
    {
        var name = id == "LONG" ? new string('i', 5000) : id;
        var bundle = Path.Combine(Host.Folder, "bundle-" + Running.Id);
        HostileBundle.OneError(Host.Detached("create", "--bundle", bundle, name), "create");
        HostileBundle.OneError(Host.Detached("run", "--bundle", bundle, name), "run");
        foreach (var verb in new[] { "state", "start", "kill", "delete", "ps", "pause", "resume", "events" })
        {
            // What is to be gone is gone, and a name that cannot be was never there.
            HostileBundle.OneError(Host.Detached(verb, name), "");
        }

        HostileBundle.OneError(Host.Detached("exec", name, "true"), "exec", 255);
        Directory.GetFileSystemEntries(Host.State).ShouldBe([Path.Combine(Host.State, Running.Id)]);
    }

    [Theory]
    [InlineData("/proc/sampan")]
    [InlineData("/dev/null")]
    [InlineData("/dev/null/below")]
    [InlineData("/sys/fs/cgroup/cpu/cgroup.procs/below")]
    public void A_state_directory_that_cannot_be(string root)
    {
        var bundle = Path.Combine(Host.Folder, "bundle-" + Running.Id);
        HostileBundle.OneError(Host.Detached(["--root", root, "create", "--bundle", bundle, "nowhere"], BundleHost.Binary), "create").ShouldContain(root);
        HostileBundle.OneError(Host.Detached(["--root", root, "state", "nowhere"], BundleHost.Binary), "").ShouldContain("does not exist");
        Host.LeftOf("nowhere").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"pid\":\"x\"}")]
    [InlineData("{\"pid\":-5,\"pidStartTime\":0}")]
    [InlineData("\0\0\0\0")]
    public void A_damaged_state_is_told_and_can_be_deleted(string content)
    {
        var directory = Path.Combine(Host.State, "damaged");
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "state.json"), content);
        Host.Detached("state", "damaged").Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeLessThan(2);
        Host.Detached("list").ExitCode.ShouldBe(0);
        var deleted = Host.Detached("delete", "--force", "damaged");
        deleted.ExitCode.ShouldBe(0, deleted.ToString());
        Directory.Exists(directory).ShouldBeFalse();
        Host.Detached("state", Running.Id).ShouldSucceed();
    }

    [Fact]
    public void A_process_document()
    {
        Exec(Encoding.UTF8.GetBytes(Process)).ExitCode.ShouldBe(0);
        Attempt(Process, bytes => Exec(bytes), "exec", 255);
        foreach (var (change, word) in new (string, string)[]
        {
            ("""{ "cwd": "relative" }""", "absolute"), ("""{ "cwd": "/none" }""", "/none"), ("""{ "args": [] }""", "exec needs a command"), ("""{ "args": ["/none"] }""", "no such file"), ("""{ "args": ["a\u0000b"] }""", "contains NUL"),
            ("""{ "env": ["x"] }""", "invalid environment variable"), ("""{ "user": { "uid": 4294967295 } }""", "4294967295 is no id"), ("""{ "rlimits": [{ "type": "X" }] }""", "rlimit"),
        })
        {
            var process = JsonNode.Parse(Process)!.AsObject();
            var (name, value) = JsonNode.Parse(change)!.AsObject().First();
            process[name] = value?.DeepClone();
            HostileBundle.OneError(Exec(Encoding.UTF8.GetBytes(process.ToJsonString())), "exec", 255).ShouldContain(word);
        }

        HostileBundle.OneError(Host.Detached("exec", "--process", "/no/such/file", Running.Id), "exec", 255).ShouldContain("/no/such/file");
        HostileBundle.OneError(Host.Detached("exec", "--process", "/", Running.Id), "exec", 255).ShouldContain("EISDIR");
        HostileBundle.OneError(Host.Detached("exec", "--process", "/dev/zero", Running.Id), "exec", 255).ShouldContain("longer than");
        Host.Detached("ps", Running.Id).Lines.Count.ShouldBe(2, "what was refused left no process");
    }

    [Fact]
    public void A_resources_document()
    {
        Update(Encoding.UTF8.GetBytes(Resources)).ExitCode.ShouldBe(0);
        Attempt(Resources, bytes => Update(bytes), "", 1);
        HostileBundle.OneError(Host.Detached("update", "--resources", "/no/such/file", Running.Id), "").ShouldContain("/no/such/file");
        HostileBundle.OneError(Host.Detached("update", "--resources", "/dev/zero", Running.Id), "").ShouldContain("longer than");
        Host.Detached("state", Running.Id).Output.ShouldContain("\"running\"");
    }

    // Each value of another kind, null, and cut at many places.
    private static void Attempt(string document, Func<byte[], CommandResult> send, string verb, int exitCode)
    {
        foreach (var place in DocumentWalk.Places(JsonNode.Parse(document)!))
        {
            foreach (var other in DocumentWalk.OtherKinds(DocumentWalk.At(JsonNode.Parse(document)!, place)!))
            {
                var changed = JsonNode.Parse(document)!;
                DocumentWalk.Set(changed, place, other.DeepClone());
                HostileBundle.OneError(send(Encoding.UTF8.GetBytes(changed.ToJsonString())), verb, exitCode).ShouldContain(DocumentWalk.Text(place[^1..]), Case.Sensitive);
            }
        }

        for (var length = 0; length < document.Length - 8; length += 23)
        {
            HostileBundle.OneError(send(Encoding.UTF8.GetBytes(document[..length])), verb, exitCode).ShouldContain("no JSON");
        }

        HostileBundle.OneError(send("null"u8.ToArray()), verb, exitCode).ShouldContain("an object is expected, not null");
        HostileBundle.OneError(send(Encoding.UTF8.GetBytes(new string('[', 1 << 20).Insert(0, "{\"unknown\":"))), verb, exitCode).ShouldContain("nested deeper");
        HostileBundle.OneError(send(new byte[17 << 20]), verb, exitCode).ShouldContain("longer than");
    }

    private CommandResult Exec(byte[] document)
    {
        var file = Path.Combine(Host.Folder, "process.json");
        File.WriteAllBytes(file, document);
        return Host.Detached("exec", "--process", file, Running.Id);
    }

    private CommandResult Update(byte[] document)
    {
        var file = Path.Combine(Host.Folder, "resources.json");
        File.WriteAllBytes(file, document);
        return Host.Detached("update", "--resources", file, Running.Id);
    }

    /// <summary>A container that runs.</summary>
    public sealed class Running : IDisposable
    {
        /// <summary>Its id.</summary>
        public const string Id = "malformed-requests";

        /// <summary>Starts it.</summary>
        public Running()
        {
            var bundle = Host.Bundle(Id, "exec sleep 1000", config => config["root"]!["readonly"] = false);
            Host.Detached("run", "--detach", "--bundle", bundle, Id).ShouldSucceed();
        }

        /// <summary>The runtime with its state directory.</summary>
        public BundleHost Host { get; } = new();

        /// <inheritdoc/>
        public void Dispose() => Host.Dispose();
    }
}
