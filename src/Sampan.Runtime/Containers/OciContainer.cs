using Sampan.Linux;
using Sampan.Linux.Cgroups;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Processes;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Resources;

namespace Sampan.Runtime.Containers;

/// <summary>A container some command made: its status is worked out from what is true now, never from what was written.</summary>
public sealed partial class OciContainer
{
    // A process in uninterruptible sleep can take seconds to die.
    private const int PatienceMilliseconds = 10_000;
    private const int KillSignal = 9;

    private readonly ContainerDirectory _directory;

    private OciContainer(ContainerDirectory directory, ContainerRecord record)
    {
        _directory = directory;
        Record = record;
    }

    /// <summary>What was written of it.</summary>
    public ContainerRecord Record { get; }

    /// <summary>Its id.</summary>
    public string Id => Record.Id;

    /// <summary>The user id of who made it.</summary>
    public uint Owner => FileDescriptor.TryStatus(_directory.Path)?.UserId ?? 0;

    /// <summary>Its configuration as it was at create.</summary>
    /// <exception cref="SampanException">Its create did not get that far.</exception>
    public RuntimeSpec Spec
    {
        get => field ??= _directory.ReadConfiguration();
        private init;
    }

    /// <summary>Its control group.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: it has none.</exception>
    public Cgroup Cgroup
    {
        get => field ??= Record.CgroupPath.Length > 0 ? ContainerGroup.Open(Record) : throw WithoutGroup();
        private init;
    }

    /// <summary>Its start runs programs of its own in it, before its command.</summary>
    public bool RunsHooksInside => Status == ContainerStatus.Created && Spec.Hooks?.StartContainer is { Count: > 0 };

    /// <summary>Where it is in its life.</summary>
    public ContainerStatus Status
    {
        get
        {
            if (Record.Pid == 0)
            {
                return ProcessStatus.Runs(Record.CreatorPid, Record.CreatorStartTime) ? ContainerStatus.Creating : ContainerStatus.Stopped;
            }

            if (!ProcessStatus.Runs(Record.Pid, Record.PidStartTime))
            {
                return ContainerStatus.Stopped;
            }

            if (IsWaiting)
            {
                return ContainerStatus.Created;
            }

            return Record.CgroupPath.Length > 0 && Cgroup.IsFrozen ? ContainerStatus.Paused : ContainerStatus.Running;
        }
    }

    // Somebody has the gate open for reading only while the first process waits at it: it is closed by the execution (fifo(7): ENXIO).
    private bool IsWaiting
    {
        get
        {
            using var native = Kernel.Native(_directory.Gate);
            var gate = Kernel.Call(SystemCall.OpenAt, FileDescriptor.WorkingDirectory, native, (nint)(OpenFlags.WriteOnly | OpenFlags.NonBlocking | OpenFlags.CloseOnExec));
            if (gate < 0)
            {
                return false;
            }

            Kernel.Call(SystemCall.Close, gate);
            return true;
        }
    }

    /// <summary>Finds a container.</summary>
    /// <param name="root">Directory of all containers.</param>
    /// <param name="id">Its id.</param>
    /// <param name="damaged">One whose record cannot be read is found too, to be deleted.</param>
    /// <returns>The container.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>: there is none; <see cref="ErrorKind.Internal"/>: its record is damaged.</exception>
    public static OciContainer Find(string root, string id, bool damaged = false)
    {
        ContainerDirectory.CheckId(id);
        return TryFind(root, id, damaged) ?? throw SampanException.NotFound("container does not exist");
    }

    /// <summary>All containers of a root, sorted by id.</summary>
    /// <param name="root">Directory of all containers.</param>
    /// <param name="warn">Receives what is wrong with one that cannot be read.</param>
    /// <returns>The containers; those that vanish meanwhile are left out.</returns>
    public static IReadOnlyList<OciContainer> List(string root, Action<string> warn)
    {
        var containers = new List<OciContainer>();
        if (!Directory.Exists(root))
        {
            return containers;
        }

        foreach (var entry in FileTree.List(root))
        {
            try
            {
                if (entry.Type == FileType.Directory && TryFind(root, entry.Name.ToString(), damaged: false) is { } container)
                {
                    containers.Add(container);
                }
            }
            catch (SampanException error) when (error.Kind == ErrorKind.Internal)
            {
                warn(error.Message);
            }
        }

        containers.Sort(static (left, right) => string.CompareOrdinal(left.Id, right.Id));
        return containers;
    }

    /// <summary>Opens its gate: the command is executed.</summary>
    /// <exception cref="SampanException">It is not created, a startContainer hook failed, or the command could not be executed.</exception>
    public void Start()
    {
        switch (Status)
        {
            case ContainerStatus.Created:
                break;
            case ContainerStatus.Stopped:
                throw SampanException.Conflict("cannot start a container that has stopped");
            case ContainerStatus.Creating:
                throw SampanException.Conflict("cannot start a container that is being created");
            default:
                throw SampanException.Conflict("cannot start an already running container");
        }

        var spec = Spec;
        if (spec.Hooks?.StartContainer is { Count: > 0 } hooks)
        {
            try
            {
                new HookRunner(Record).RunInside(this, "startContainer", hooks, ContainerStatus.Created);
            }
            catch (SampanException)
            {
                // runtime.md, "Lifecycle", 8: the container is stopped and its destruction goes on with a delete.
                Kill();
                throw;
            }
        }

        OpenGate(spec);
        if (spec.Hooks?.Poststart is { Count: > 0 } later)
        {
            try
            {
                new HookRunner(Record).Run("poststart", later, ContainerStatus.Running);
            }
            catch (SampanException)
            {
                // runtime.md 1.2.1, "Lifecycle": stopped, and its destruction goes on with a delete.
                Kill();
                throw;
            }
        }
    }

    /// <summary>Sends a signal to the first process.</summary>
    /// <param name="signal">Its number.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Conflict"/>: nothing runs.</exception>
    public void Signal(int signal)
    {
        if (Status is ContainerStatus.Stopped or ContainerStatus.Creating)
        {
            throw SampanException.Conflict("container not running");
        }

        using var process = OpenProcess() ?? throw SampanException.Conflict("container not running");
        var result = Kernel.Call(SystemCall.PidfdSendSignal, process.Number, signal, 0, 0);
        if (result == -(int)Errno.ESRCH)
        {
            throw SampanException.Conflict("container not running");
        }

        Kernel.Check(result, $"send signal {signal} to", $"container {Id}");
    }

    /// <summary>Sends a signal to every process of its group.</summary>
    /// <param name="signal">Its number.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: it has no group, and its processes cannot be told from others.</exception>
    public void SignalAll(int signal)
    {
        if (Record.CgroupPath.Length > 0)
        {
            Cgroup.Signal(signal);
            return;
        }

        // A pid namespace ends with its first process (pid_namespaces(7)).
        if (signal != KillSignal || !NamespaceSet.From(Spec.Linux?.Namespaces).Creates("pid"))
        {
            throw WithoutGroup();
        }

        if (Status is not (ContainerStatus.Stopped or ContainerStatus.Creating))
        {
            Signal(signal);
        }
    }

    /// <summary>Freezes its processes.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Conflict"/>: it does not run.</exception>
    public void Pause()
    {
        if (Status is not (ContainerStatus.Running or ContainerStatus.Created))
        {
            throw SampanException.Conflict("container not running");
        }

        Cgroup.Freeze();
    }

    /// <summary>Lets them go on.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Conflict"/>: it is not paused.</exception>
    public void Resume()
    {
        if (Status != ContainerStatus.Paused)
        {
            throw SampanException.Conflict("container not paused");
        }

        Cgroup.Thaw();
    }

    /// <summary>Changes its limits.</summary>
    /// <param name="change">What is absent stays as it is.</param>
    /// <param name="schemas">Its share of cache and memory bandwidth; null leaves it.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Conflict"/>: it has stopped; others: the kernel refuses a limit, and nothing is changed.</exception>
    public void Update(RuntimeResources change, RuntimeIntelRdt? schemas = null)
    {
        if (Status is ContainerStatus.Stopped or ContainerStatus.Creating)
        {
            throw SampanException.Conflict("container not running");
        }

        var linux = Spec.Linux ?? new();
        if (schemas is not null)
        {
            linux = linux with { IntelRdt = ResctrlGroup.Update(linux.IntelRdt, schemas, Id, Cgroup.Pids()) };
        }

        linux = linux with { Resources = ResourceUpdate.Apply(Cgroup, linux, SpecificationVersion.Read(change, Record.OciVersion)) };
        _directory.ReplaceConfiguration(Spec with { Linux = linux });
    }

    /// <summary>Removes what is left of it and runs its poststop hooks.</summary>
    /// <param name="force">A running one is killed first.</param>
    /// <param name="warn">Receives what a poststop hook that failed has to say: that keeps nothing from being removed (runtime.md, "Lifecycle").</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Conflict"/>: it is not stopped.</exception>
    public void Delete(bool force, Action<string>? warn = null)
    {
        var status = Status;
        if (status is ContainerStatus.Running or ContainerStatus.Paused or ContainerStatus.Creating && !force)
        {
            throw SampanException.Conflict($"cannot delete container {Id} that is not stopped: {status.Text()}");
        }

        Kill();
        Destroy(warn);
    }

    /// <summary>Deletes it for who ran it and waited for its end; not when somebody else did, and has perhaps made another of that name.</summary>
    /// <param name="warn">As of <see cref="Delete"/>.</param>
    public void DeleteOwn(Action<string>? warn)
    {
        if (_directory.TryRead(damaged: true) is { } now && now.Created == Record.Created && now.Pid == Record.Pid)
        {
            Delete(force: true, warn);
        }
    }

    /// <summary>A pidfd of the very process, not of another that has its pid by now.</summary>
    /// <returns>Null when it is gone.</returns>
    public FileDescriptor? OpenProcess()
    {
        var result = Kernel.Call(SystemCall.PidfdOpen, Record.Pid, 0);
        if (result < 0)
        {
            return null;
        }

        var process = new FileDescriptor((int)result);
        if (ProcessStatus.Runs(Record.Pid, Record.PidStartTime))
        {
            return process;
        }

        process.Dispose();
        return null;
    }

    internal static OciContainer Of(ContainerDirectory directory, ContainerRecord record, RuntimeSpec spec, Cgroup? cgroup) =>
        new(directory, record) { Spec = spec, Cgroup = cgroup! };

    /// <summary>Kills the first process and all of the group, and waits for their end. Where that process has gone, what it left behind is killed when the group is removed.</summary>
    internal void Kill()
    {
        if (Record.Pid != 0 && OpenProcess() is { } process)
        {
            using (process)
            {
                Kernel.Call(SystemCall.PidfdSendSignal, process.Number, 9, 0, 0);
                if (Record.CgroupPath.Length > 0)
                {
                    Cgroup.Kill();
                }

                // Readable when it has ended, also where its parent does not wait for it (pidfd_open(2)).
                if (!Poll.Wait(process.Number, EpollEvents.Readable, PatienceMilliseconds))
                {
                    throw new SampanException(
                        ErrorKind.Internal, $"process {Record.Pid} of container {Id} lives {PatienceMilliseconds / 1000} s after SIGKILL: see /proc/{Record.Pid}/wchan");
                }
            }
        }
    }

    internal void Destroy(Action<string>? warn)
    {
        if (Record.CgroupPath.Length > 0)
        {
            Cgroup.Remove();
        }
        else
        {
            ContainerGroup.Abandon(Record);
        }

        RuntimeSpec? spec = null;
        try
        {
            spec = Spec;
        }
        catch (SampanException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.InvalidArgument)
        {
            // Its create died before it had one: there are no hooks to run either.
        }

        ResctrlGroup.Remove(spec?.Linux?.IntelRdt, Record.Id);
        _directory.Remove();
        if (spec?.Hooks?.Poststop is { Count: > 0 } hooks)
        {
            RunPoststop(hooks, warn);
        }
    }

    private void RunPoststop(IReadOnlyList<RuntimeHook> hooks, Action<string>? warn)
    {
        foreach (var hook in hooks)
        {
            try
            {
                new HookRunner(Record).Run("poststop", [hook], ContainerStatus.Stopped);
            }
            catch (SampanException error)
            {
                warn?.Invoke(error.Message);
            }
        }
    }

    private SampanException WithoutGroup() => SampanException.Unavailable(
        $"container {Id} has no control group: its user could make none; give cgroupsPath a group that user may write, or use --systemd-cgroup");

    private static OciContainer? TryFind(string root, string id, bool damaged)
    {
        var directory = new ContainerDirectory(root, id);
        return directory.TryRead(damaged) is { } record ? new OciContainer(directory, record) : null;
    }

    private void OpenGate(RuntimeSpec spec)
    {
        using (var gate = FileDescriptor.Open(_directory.Gate, OpenFlags.WriteOnly | OpenFlags.NonBlocking))
        {
            gate.WriteAll("+"u8);

            // The error condition rises when the last reader has gone: executed, or dead (poll(2), POLLERR on a pipe).
            _ = Poll.Wait(gate.Number, EpollEvents.None);
            using var verdict = FileDescriptor.Open(_directory.Gate, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
            GateVerdict.ThrowIfAny(verdict, spec.Process!.Args![0]);
        }

        using var directory = FileDescriptor.Open(_directory.Path, OpenFlags.Path | OpenFlags.Directory);
        directory.Unlink("start.fifo");
    }
}
