using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>The OCI runtime's binary with a state directory of its own and bundles over one busybox tree. Whatever is left of them is deleted at the end.</summary>
public sealed class BundleHost : IDisposable
{
    private readonly string _root;
    private readonly List<string> _ids = [];

    /// <summary>Makes the tree.</summary>
    public BundleHost()
    {
        Folder = Directory.CreateTempSubdirectory("sampan-oci-").FullName;
        _root = Path.Combine(Folder, "state");
        Rootfs = Path.Combine(Folder, "rootfs");
        // A mapped root must be able to reach the tree, as in any engine.
        Host.Shell("chmod 711 \"$1\"", Folder);
        Host.Shell("mkdir -p \"$1\"/bin \"$1\"/proc \"$1\"/dev \"$1\"/sys \"$1\"/etc \"$1\"/tmp; cp /usr/bin/busybox \"$1\"/bin; for name in $(/usr/bin/busybox --list); do test -e \"$1/bin/$name\" || ln -s busybox \"$1/bin/$name\"; done; chmod 755 \"$1\"", Rootfs);
    }

    /// <summary>The binary under test: SAMPAN_RUNTIME_BIN, or the one eng/build makes.</summary>
    public static string Binary { get; } = Environment.GetEnvironmentVariable("SAMPAN_RUNTIME_BIN") ?? Path.Combine(Host.Repository, ".build/bin/sampan-runtime");

    /// <summary>The binary is another runtime, on which the tests are tried: some of what they ask for it does not have.</summary>
    public static bool IsPeer { get; } = !Path.GetFileName(Binary).StartsWith("sampan", StringComparison.Ordinal);

    /// <summary>A folder for the tests' own files.</summary>
    public string Folder { get; }

    /// <summary>The tree all bundles use.</summary>
    public string Rootfs { get; }

    /// <summary>The runtime's --root.</summary>
    public string State => _root;

    /// <summary>Path below the trees' roots of the group the containers' groups are in.</summary>
    public static string CgroupParent { get; } = $"/sampan-oci-{Environment.ProcessId}";

    /// <summary>Runs a command of the runtime.</summary>
    public CommandResult Runtime(params string[] arguments)
    {
        using var command = Start(arguments);
        command.CloseInput();
        return command.Wait();
    }

    /// <summary>Starts one and returns while it runs.</summary>
    public RunningCommand Start(params string[] arguments) => new(Binary, ["--root", _root, .. arguments]);

    /// <summary>Runs one whose container keeps its streams: they are files, and what is in them when the command has ended is returned.</summary>
    public CommandResult Detached(params string[] arguments) => Detached(["--root", _root, .. arguments], Binary);

    /// <summary>The same of any program.</summary>
    public CommandResult Detached(string[] arguments, string program)
    {
        var output = Path.Combine(Folder, "stdout");
        var error = Path.Combine(Folder, "stderr");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "out=$1; err=$2; shift 2; exec \"$@\" </dev/null >\"$out\" 2>\"$err\"", "sh", output, error, program, .. arguments]) { UseShellExecute = false };
        using var command = Process.Start(start)!;
        if (!command.WaitForExit(Patience.Limit))
        {
            command.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Patience.Limit}");
        }

        return new(string.Join(' ', arguments), command.ExitCode, File.ReadAllText(output), File.ReadAllText(error));
    }

    /// <summary>What there is of a container: entries of the state directory, control groups, mounts. Empty when all is gone.</summary>
    /// <param name="id">The container.</param>
    public IReadOnlyList<string> LeftOf(string id)
    {
        var left = new List<string>();
        var directory = Path.Combine(_root, id);
        if (Directory.Exists(directory))
        {
            left.Add(directory);
        }

        left.AddRange(CgroupsOf(id));
        left.AddRange(File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(Folder, StringComparison.Ordinal)));
        return left;
    }

    /// <summary>The container's group in every tree it is in.</summary>
    public static IEnumerable<string> CgroupsOf(string id) =>
        Directory.GetDirectories("/sys/fs/cgroup").Prepend("/sys/fs/cgroup").Select(tree => $"{tree}{CgroupParent}/{id}").Where(Directory.Exists);

    /// <summary>Runs a shell script in which "$@" is the runtime with its state directory, for what a process gets from its parent.</summary>
    /// <param name="script">For bash; what it reads of the world comes in the environment.</param>
    /// <param name="variables">NAME=value.</param>
    public CommandResult Shell(string script, params (string Name, string Value)[] variables)
    {
        using var command = new RunningCommand(
            "/bin/bash", ["-c", script, "bash", Binary, "--root", _root], variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)));
        command.CloseInput();
        return command.Wait();
    }

    /// <summary>Runs a container whose process sleeps.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="change">Changes of config.json.</param>
    public void Sleeping(string id, Action<JsonNode>? change = null) => Runtime(
        "run", "--detach", "--bundle", Bundle(id, "exec sleep 1000 </dev/null >/dev/null 2>&1", change), id).ShouldSucceed();

    /// <summary>The first process of a container.</summary>
    /// <param name="id">Its id.</param>
    public int Pid(string id) => JsonNode.Parse(Runtime("state", id).ShouldSucceed())!["pid"]!.GetValue<int>();

    /// <summary>Makes a bundle: the specification the runtime itself writes, its command a shell script, changed by the test.</summary>
    /// <param name="id">Names the bundle; the container is to be called so too.</param>
    /// <param name="script">For /bin/sh.</param>
    /// <param name="change">Changes of config.json.</param>
    public string Bundle(string id, string script, Action<JsonNode>? change = null)
    {
        var bundle = Path.Combine(Folder, "bundle-" + id);
        Directory.CreateDirectory(bundle);
        File.Delete(Path.Combine(bundle, "config.json"));
        Runtime("spec", "--bundle", bundle).ShouldSucceed();
        var path = Path.Combine(bundle, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray("/bin/sh", "-c", script);
        config["root"]!["path"] = Rootfs;
        config["linux"]!["cgroupsPath"] = $"{CgroupParent}/{id}";
        change?.Invoke(config);
        File.WriteAllText(path, config.ToJsonString());
        _ids.Add(id);
        return bundle;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var id in _ids)
        {
            Runtime("delete", "--force", id);
        }

        Host.Shell("for tree in /sys/fs/cgroup /sys/fs/cgroup/*; do rmdir \"$tree/$1\" 2>/dev/null || true; done", CgroupParent[1..]);
        Directory.Delete(Folder, recursive: true);
    }
}
