namespace Sampan.Compat.Harness;

/// <summary>
/// Where one engine lives: a folder, a control group, and a mount and a network namespace of its own, in which /run, /var/lib and
/// /etc may be written and vanish with it. On disposal whatever is left of the containers fails the collection and is removed.
/// </summary>
public sealed class EnginePlace : IDisposable
{
    // A hierarchy that is alive but mounted nowhere (hugetlb, after crun) shows in /proc/PID/cgroup, and containerd 1.6 gives up on
    // a container whose groups it cannot find. Mounting and unmounting it ends it when it is empty; otherwise the engine gets to see it.
    private const string Preparation = """
        set -e
        folder=$1
        mount -t tmpfs -o mode=755 tmpfs /run
        mount -t tmpfs -o mode=755 tmpfs /var/lib
        mkdir "$folder/etc" "$folder/cgroup"
        mount -t tmpfs tmpfs "$folder/etc"
        mkdir "$folder/etc/upper" "$folder/etc/work"
        mount -t overlay -o "lowerdir=/etc,upperdir=$folder/etc/upper,workdir=$folder/etc/work" overlay /etc
        ip link set lo up

        unmounted() { for name in $(cut -d: -f2 /proc/self/cgroup); do case $name in ''|name=*|*,*) ;; *) [ -d "/sys/fs/cgroup/$name" ] || echo "$name" ;; esac; done; }
        mount -t tmpfs -o mode=755 tmpfs "$folder/cgroup"
        for name in $(unmounted); do
            mkdir "$folder/cgroup/$name"
            mount -t cgroup -o "$name" cgroup "$folder/cgroup/$name"
            umount "$folder/cgroup/$name"
        done
        if [ -n "$(unmounted)" ]; then
            for name in $(unmounted); do mount -t cgroup -o "$name" cgroup "$folder/cgroup/$name"; done
            for tree in /sys/fs/cgroup/*/; do
                name=$(basename "$tree")
                mkdir "$folder/cgroup/$name"
                mount --rbind "$tree" "$folder/cgroup/$name"
            done
            mount --rbind "$folder/cgroup" /sys/fs/cgroup
        fi
        echo ready
        read -r end
        """;

    private const string Groups = "find /sys/fs/cgroup \"/sys/fs/cgroup/$1\" /sys/fs/cgroup/*/\"$1\" -maxdepth 0 -path \"*/$1\" 2>/dev/null";

    private readonly RunningCommand _holder;

    /// <summary>Makes the place.</summary>
    /// <param name="engine">The engine's name, for the names of what is made.</param>
    public EnginePlace(string engine)
    {
        RuntimeUnderTest.Require("iproute2", "ip", "sets up the engines' own networks");
        Folder = Directory.CreateTempSubdirectory($"sampan-compat-{engine}-").FullName;
        Name = Path.GetFileName(Folder);
        _holder = new RunningCommand(
            "unshare", ["--mount", "--net", "--propagation", "private", "/bin/sh", "-c", Preparation, "sampan-compat", Folder]);
        try
        {
            _holder.Expect("ready\n");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The engine's files; gone afterwards.</summary>
    public string Folder { get; }

    /// <summary>A name nobody else on the machine uses; that of the control group, too.</summary>
    public string Name { get; }

    /// <summary>The control group below which the engine's containers belong.</summary>
    public string ControlGroup => "/" + Name;

    /// <summary>What starts a program of the host's in the place's network alone.</summary>
    public IReadOnlyList<string> InNetwork => ["nsenter", "--target", _holder.Pid.ToString(), "--net", "--"];

    /// <summary>A path below <see cref="Folder"/>.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Starts a program in the place and returns while it runs.</summary>
    public RunningCommand Start(string program, params IEnumerable<string> arguments) => new("nsenter", Entered(program, arguments));

    /// <summary>Runs a program in the place to its end with an empty standard input.</summary>
    public CommandResult Run(string program, params IEnumerable<string> arguments)
    {
        using var command = Start(program, arguments);
        command.CloseInput();
        return command.Wait();
    }

    /// <summary>Starts a program in the place on a terminal.</summary>
    public PseudoTerminal OnTerminal(string program, params IEnumerable<string> arguments) => new("nsenter", Entered(program, arguments));

    /// <summary>Runs a shell script in the place, asserts success and returns what it printed.</summary>
    public string Shell(string script, params string[] arguments) => Run("/bin/sh", ["-c", script, "sh", .. arguments]).ShouldSucceed();

    /// <summary>The processes in the place's control groups.</summary>
    public IReadOnlyList<int> ContainerProcesses() =>
        [.. Shell(Groups + " | while read -r group; do find \"$group\" -name cgroup.procs -exec cat {} +; done", Name)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).Distinct()];

    /// <summary>The directories of containers in a runtime's state folders, and their control groups: nothing once all are removed.</summary>
    /// <param name="groups">A pattern for the names of the control groups that are containers'; the rest is the engine's.</param>
    public string RuntimeLeftovers(string groups) =>
        Shell(
            "find /run \"$2\" -xdev -name state.json; " + Groups + " | while read -r group; do find \"$group\" -mindepth 1 -type d -name \"$3\"; done",
            Name,
            Folder,
            groups);

    /// <summary>Whether a runtime keeps a state folder of this name: whether it is the one that made the container.</summary>
    public bool RuntimeKnows(string id) =>
        // Folders of other containers may go while it looks, which find calls an error.
        Shell("find /run \"$1\" -xdev -path \"*/$2/state.json\" 2>/dev/null || true", Folder, id).Length > 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (!_holder.HasExited)
            {
                var left = ContainerProcesses().Where(Processes.IsAlive).ToList();
                foreach (var pid in left)
                {
                    _ = Native.kill(pid, Native.SIGKILL);
                }

                Polling.ShouldCome(() => ContainerProcesses().Count == 0, "a process in the control group does not die");
                Shell(Groups + " | while read -r group; do find \"$group\" -depth -type d -exec rmdir {} +; done", Name);
                left.ShouldBeEmpty("processes of containers are left");
            }
        }
        finally
        {
            foreach (var pid in Processes.Where(Folder).Where(pid => pid != Environment.ProcessId))
            {
                _ = Native.kill(pid, Native.SIGKILL);
            }

            // The last process of the namespaces takes every mount with it.
            _holder.Dispose();
            Polling.ShouldCome(() => !Processes.Where(Folder).Any(Processes.IsAlive), "a process of the engine does not die");
            using var removal = new RunningCommand("rm", ["-rf", "--", Folder]);
            removal.Wait().ShouldSucceed();
        }
    }

    private string[] Entered(string program, IEnumerable<string> arguments) =>
        ["--target", _holder.Pid.ToString(), "--mount", "--net", "--wd=" + Folder, "--", program, .. arguments];
}
