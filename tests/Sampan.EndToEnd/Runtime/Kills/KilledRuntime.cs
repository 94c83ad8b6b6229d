using System.Text.Json;

namespace Sampan.EndToEnd.Runtime.Kills;

/// <summary>Runs commands of the runtime that die at their n-th system call (strace, inject=…:signal=KILL:when=n), and asks what is true afterwards.</summary>
public sealed class KilledRuntime : IDisposable
{
    private const int Limit = 1000;

    /// <summary>Calls that change something, or that a command waits in. To die at one that does neither is to die at the next that does.</summary>
    public const string Calls = "mkdir,mkdirat,mknodat,rename,renameat,renameat2,unlink,unlinkat,rmdir,write,pwrite64,sendto,sendmsg,recvmsg,socketpair,clone,clone3,poll,ppoll,waitid,wait4,"
        + "pidfd_open,pidfd_send_signal,kill,setns,open_tree,close_range";

    /// <summary>Those in which parent and child meet.</summary>
    public const string MeetingCalls = "socketpair,clone3,write,sendmsg,recvmsg,read,waitid,pidfd_open,mkdirat,renameat,close_range,execve";

    /// <summary>Calls that next to nobody but the cloned child makes.</summary>
    public const string ChildCalls = "fsopen,fsconfig,fsmount,move_mount,mount_setattr,mount,umount2,pivot_root,chroot,fchdir,openat2,dup3,setsid,setgroups,setresgid,setresuid,capset,keyctl,close_range,seccomp,"
        + "sethostname,symlinkat,mknodat,execve,umask,setns,sendmsg,faccessat2,fchown";

    private readonly string _log;

    /// <summary>Makes the bundle.</summary>
    public KilledRuntime()
    {
        Id = "killed-" + Guid.NewGuid().ToString("N")[..8];
        Brief = Host.Bundle(Id, "exec true");
        Bundle = Path.Combine(Host.Folder, "lasting");
        Harness.Host.Shell("mkdir \"$2\"; sed 's/exec true/exec sleep 98765/' \"$1\"/config.json >\"$2\"/config.json", Brief, Bundle);
        _log = Path.Combine(Host.Folder, "calls");
    }

    /// <summary>The runtime with its state directory.</summary>
    public BundleHost Host { get; } = new();

    /// <summary>The container.</summary>
    public string Id { get; }

    /// <summary>A bundle whose process stays.</summary>
    public string Bundle { get; }

    /// <summary>One whose process ends at once.</summary>
    public string Brief { get; }

    /// <summary>Flags with which parent and child meet on the way; without them the child finds its leave.</summary>
    /// <param name="followed">Whether they shall meet.</param>
    /// <returns>The words.</returns>
    public string[] Following(bool followed) => followed ? ["--pid-file", Path.Combine(Host.Folder, "pid")] : [];

    /// <summary>
    /// Kills a command at every step, in turn. strace counts the calls of each kind for themselves, so each kind has a loop of its own, which
    /// ends when the command makes no further call of it.
    /// </summary>
    /// <param name="prepare">Brings the container to where the command starts from; null when that is nowhere.</param>
    /// <param name="check">What must be true after a kill; the container is cleared after that.</param>
    /// <param name="follow">Every process of the command dies at its own n-th call, not the runtime alone.</param>
    /// <param name="calls">Which calls.</param>
    /// <param name="command">The command.</param>
    /// <returns>How many steps there were.</returns>
    public int AtEveryStep(Action? prepare, Action<CommandResult> check, bool follow, string calls, params string[] command)
    {
        var steps = 0;
        foreach (var call in calls.Split(','))
        {
            for (var step = 1; AtStep(call, step, prepare, check, follow, command); step++)
            {
                step.ShouldBeLessThan(Limit, "the command makes ever more calls");
                steps++;
            }
        }

        return steps;
    }

    private bool AtStep(string call, int step, Action? prepare, Action<CommandResult> check, bool follow, string[] command)
    {
        try
        {
            prepare?.Invoke();
            string[] options = follow ? ["-f"] : [];
            var result = Host.Detached(["-q", .. options, "-o", _log, "-e", "trace=" + call, "-e", $"inject={call}:signal=KILL:when={step}", BundleHost.Binary, "--root", Host.State, .. command], "strace");
            var isKilled = File.ReadAllText(_log).Contains("killed by SIGKILL", StringComparison.Ordinal);
            if (isKilled)
            {
                check(result);
            }
            else
            {
                result.ExitCode.ShouldBe(0, result.ToString());
            }

            Clear();
            if (prepare is null)
            {
                // Nothing of it is in the way of another of the same name; elsewhere the next step's preparation shows that.
                Create();
                Clear();
            }

            return isKilled;
        }
        catch (Exception error)
        {
            Host.Detached("delete", "--force", Id);
            throw new InvalidOperationException($"{command[0]} killed at {call} {step}: {error.Message}\n{string.Join('\n', File.ReadLines(_log).TakeLast(5))}", error);
        }
    }

    /// <summary>Creates the container.</summary>
    public void Create() => Host.Detached("create", "--bundle", Bundle, Id).ShouldSucceed();

    /// <summary>Creates and starts it.</summary>
    public void Start()
    {
        Create();
        Host.Detached("start", Id).ShouldSucceed();
    }

    /// <summary>What <c>state</c> says, held against the kernel's own account; null when there is no container.</summary>
    public string? Status()
    {
        var state = Host.Detached("state", Id);
        if (state.ExitCode != 0)
        {
            state.ShouldFailInOneLine(1, "container does not exist");
            Patience.ShouldCome(() => Members().Count == 0, $"there is no container, and processes {string.Join(' ', Members())}");
            return null;
        }

        using var document = JsonDocument.Parse(state.Output);
        var status = document.RootElement.GetProperty("status").GetString()!;
        var pid = document.RootElement.GetProperty("pid").GetInt32();
        switch (status)
        {
            case "created" or "running":
                // One may be on its way out after its creator, or through its gate: what it comes to is looked at again.
                var words = status == "created" ? BundleHost.Binary : "sleep 98765";
                Patience.ShouldCome(
                    () => !Processes.IsAlive(pid) || Processes.CommandLine(pid).StartsWith(words, StringComparison.Ordinal), $"what is {status} is {Processes.CommandLine(pid)}");
                if (!Processes.IsAlive(pid))
                {
                    return Status();
                }

                break;
            default:
                status.ShouldBe("stopped");
                pid.ShouldBe(0);
                Patience.ShouldCome(() => Members().Count == 0, $"it is stopped, and has processes {string.Join(' ', Members())}");
                break;
        }

        return status;
    }

    /// <summary>Clears whatever there is.</summary>
    public void Clear()
    {
        Host.Detached("delete", "--force", Id).ShouldSucceed();
        Host.LeftOf(Id).ShouldBeEmpty();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var folder = Host.Folder;
        Host.Dispose();
        Patience.ShouldCome(() => !Processes.Where(folder).Any(), "processes are left: " + string.Join("; ", Processes.Where(folder).Select(Processes.CommandLine)));
    }

    private List<string> Members() =>
        [.. BundleHost.CgroupsOf(Id).SelectMany(group => File.ReadLines(group + "/cgroup.procs")).Distinct().Where(pid => Processes.IsAlive(int.Parse(pid)))];
}
