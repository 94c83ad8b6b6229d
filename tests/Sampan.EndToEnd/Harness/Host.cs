using System.Text.Json;

namespace Sampan.EndToEnd.Harness;

/// <summary>
/// The AOT binary with a root and a state folder of its own. One per test class; on disposal every container is removed
/// and whatever is left of them (processes, mounts, control groups) fails the class.
/// </summary>
public class Host : IDisposable
{
    private readonly HashSet<string> _containers = [];

    /// <summary>Makes the folders.</summary>
    public Host()
    {
        Folder = Directory.CreateTempSubdirectory("sampan-e2e-").FullName;
        Root = Path.Combine(Folder, "root");
        State = Path.Combine(Folder, "state");
    }

    /// <summary>The binary under test: SAMPAN_BIN, or the one ./sampan builds.</summary>
    public static string Binary { get; } =
        Environment.GetEnvironmentVariable("SAMPAN_BIN") ?? Path.Combine(Repository, ".build/bin/sampan");

    /// <summary>The folder that holds Sampan.slnx.</summary>
    public static string Repository
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Sampan.slnx")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not built inside the repository");
            }

            return folder;
        }
    }

    /// <summary>A folder for the tests' own files, removed with everything else.</summary>
    public string Folder { get; }

    /// <summary>The argument of --root.</summary>
    public string Root { get; }

    /// <summary>The argument of --state.</summary>
    public string State { get; }

    /// <summary>Environment variables of commands, besides those of the tests.</summary>
    protected virtual IReadOnlyList<KeyValuePair<string, string>> Variables => [];

    /// <summary>The arguments with the global options before them.</summary>
    public string[] Arguments(params string[] arguments) => ["--root", Root, "--state", State, .. arguments];

    /// <summary>Runs a command to its end with an empty standard input.</summary>
    public CommandResult Sampan(params string[] arguments)
    {
        using var command = Start(arguments);
        command.CloseInput();
        return command.Wait();
    }

    /// <summary>Runs a command to its end with a text as its standard input.</summary>
    public CommandResult SampanWithInput(string input, params string[] arguments)
    {
        using var command = Start(arguments);

        // What is refused at once is refused unread.
        _ = command.TrySend(input);
        command.CloseInput();
        return command.Wait();
    }

    /// <summary>Starts a command and returns while it runs.</summary>
    public RunningCommand Start(params string[] arguments) => new(Binary, Arguments(arguments), Variables);

    /// <summary>Starts a command on a terminal.</summary>
    public PseudoTerminal OnTerminal(params string[] arguments) => new(Binary, Arguments(arguments));

    /// <summary>Runs a program of the distribution and asserts success.</summary>
    public static string Shell(string script, params string[] arguments)
    {
        using var command = new RunningCommand("/bin/bash", ["-c", "set -e; " + script, "bash", .. arguments]);
        command.CloseInput();
        return command.Wait().ShouldSucceed();
    }

    /// <summary>Starts a container in the background and returns its id.</summary>
    public string Detached(params string[] arguments) => Sampan(["run", "-d", .. arguments]).ShouldSucceed();

    /// <summary>The object inspect prints for one container.</summary>
    public JsonElement Inspect(string container)
    {
        using var document = JsonDocument.Parse(Sampan("inspect", container).ShouldSucceed());
        document.RootElement.GetArrayLength().ShouldBe(1);
        return document.RootElement[0].Clone();
    }

    /// <summary>A container's status word: created, running, exited, dead.</summary>
    public string Status(string container) => Inspect(container).GetProperty(nameof(State)).GetProperty("Status").GetString()!;

    /// <summary>The host's process id of a running container's first process.</summary>
    public int Pid(string container) => Inspect(container).GetProperty(nameof(State)).GetProperty("Pid").GetInt32();

    /// <summary>A file of a running container's control group, by its v1 controller and name or by its v2 name.</summary>
    public string ControlFile(string container, string controller, string v1Name, string v2Name)
    {
        foreach (var line in File.ReadAllLines($"/proc/{Pid(container)}/cgroup"))
        {
            var parts = line.Split(':', 3);
            if (parts[1].Split(',').Contains(controller))
            {
                return File.ReadAllText($"/sys/fs/cgroup/{controller}{parts[2]}/{v1Name}").Trim();
            }
        }

        var unified = File.ReadAllLines($"/proc/{Pid(container)}/cgroup").Single(line => line.StartsWith("0::", StringComparison.Ordinal))[3..];
        return File.ReadAllText($"/sys/fs/cgroup{unified}/{v2Name}").Trim();
    }

    /// <summary>The process ids of the monitors that serve this root.</summary>
    public IReadOnlyList<int> Monitors() => Processes.Where(Root).Where(pid => Processes.CommandLine(pid).Contains(" monitor ", StringComparison.Ordinal)).ToList();

    /// <summary>The process id of one container's monitor.</summary>
    public int Monitor(string id) => Monitors().Single(pid => Processes.CommandLine(pid).Contains(id, StringComparison.Ordinal));

    /// <summary>Removes every container and fails when something of them is left.</summary>
    public void RemoveContainers()
    {
        if (!Directory.Exists(Root))
        {
            return;
        }

        var ids = Sampan("ps", "-aq", "--no-trunc").Lines;
        _containers.UnionWith(ids);
        if (ids.Count > 0)
        {
            Sampan(["rm", "-f", "-v", .. ids]).ShouldSucceed();
        }

        Sampan("ps", "-aq").ShouldSucceed().ShouldBeEmpty();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            RemoveContainers();
            Patience.ShouldCome(() => Monitors().Count == 0, "monitors are left: " + string.Join("; ", Monitors().Select(Processes.CommandLine)));
            File.ReadAllText("/proc/self/mountinfo").ShouldNotContain(Folder, Case.Sensitive, "a mount is left on the host");
            ControlGroupsOf(_containers).ShouldBeEmpty();
            var containers = Path.Combine(Root, "containers");
            if (Directory.Exists(containers))
            {
                Directory.GetFileSystemEntries(containers).ShouldBeEmpty("something of a removed container is left");
            }
        }
        finally
        {
            foreach (var pid in Processes.Where(Folder).Where(pid => pid != Environment.ProcessId))
            {
                _ = Native.kill(pid, Native.SIGKILL);
            }

            Shell("rm -rf -- \"$1\"", Folder);
            GC.SuppressFinalize(this);
        }
    }

    private static List<string> ControlGroupsOf(IEnumerable<string> containers) =>
        [.. from id in containers
            where id.Length == 64
            from pattern in new[] { "/sys/fs/cgroup/*/sampan/" + id, "/sys/fs/cgroup/sampan/" + id }
            from found in Shell("compgen -G \"$1\" || true", pattern).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            select found];
}
