using Sampan.Linux.Interop;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class LaunchPlanCompiler
{
    private const int InterfaceFlagUp = 1;
    private const int SetInterfaceFlags = 0x8914;

    private static readonly string[] JoinOrder = ["ipc", "uts", "network", "cgroup", "time"];

    private readonly List<PlanRegister> _cgroupProcs = [];
    private readonly Dictionary<string, PlanRegister> _joined = new(StringComparer.Ordinal);
    private PlanRegister? _pidNamespace;
    private PlanRegister? _cgroupDirectory;

    /// <summary>
    /// Namespaces of the host can be joined only from outside of a user namespace, and what is made for a joined user namespace must be made
    /// from inside of it. A process in between does the joining and then makes the container's first process its own sibling. So it is with an
    /// overlay whose layers are seen with other owners: only outside of the user namespace can it be made.
    /// </summary>
    private bool HasIntermediate
    {
        get
        {
            var joins = false;
            foreach (var type in JoinOrder)
            {
                joins |= _joined.ContainsKey(type);
            }

            return MapsLayers || _joined.ContainsKey("user") || (_namespaces.Creates("user") && joins);
        }
    }

    private void OpenCgroups()
    {
        if (_request.Cgroup is not { } cgroup)
        {
            return;
        }

        foreach (var path in cgroup.JoinFiles)
        {
            _cgroupProcs.Add(_plan.Call(
                SystemCall.OpenAt, "openat", path, "the child enters this cgroup before it can see any other",
                MountFlags.AtFdCwd, _plan.Arena.Text(path), OpenWriteOnly).ToRegister());
        }

        if (cgroup.CloneDirectory is { } directory)
        {
            _cgroupDirectory = _plan.Call(
                SystemCall.OpenAt, "openat", directory, "the child is born in this cgroup",
                MountFlags.AtFdCwd, _plan.Arena.Text(directory), OpenPathDirectory).ToRegister();
        }
    }

    private void OpenNamespaces()
    {
        foreach (var (type, path) in _namespaces.Joined)
        {
            var register = _plan.Call(
                SystemCall.OpenAt, "openat", path, $"the {type} namespace to share", MountFlags.AtFdCwd, _plan.Arena.Text(path), OpenCloseOnExec)
                .ToRegister();
            if (type == "pid")
            {
                _pidNamespace = register;
            }
            else
            {
                _joined.Add(type, register);
            }
        }
    }

    private CloneArguments Clone()
    {
        // The cgroup namespace is made later: its root is the group the process is in at that moment (cgroup_namespaces(7)).
        var flags = _namespaces.Created & ~NamespaceSet.Flag("cgroup");
        if (_cgroupDirectory is not null)
        {
            flags |= CloneArguments.IntoCgroup;
        }

        var names = new List<string>();
        foreach (var type in (ReadOnlySpan<string>)["user", "mount", "pid", "network", "ipc", "uts", "time"])
        {
            if (_namespaces.Creates(type))
            {
                names.Add(type);
            }
        }

        // Offsets can be set only as long as no process is in a time namespace, and one that is born into it is.
        if (_linux.TimeOffsets is { Count: > 0 })
        {
            flags &= ~NamespaceSet.Flag("time");
            names.Remove("time");
        }

        if (HasIntermediate)
        {
            _plan.Macro(PlanOperation.Clone, "clone3", "no new namespaces", "a process in between, which joins namespaces and ends");
            _plan.EndHostSide();
            MountMappedOverlay();
            JoinShared();
        }

        if (_pidNamespace is { } pid)
        {
            _plan.Call(
                SystemCall.SetNs, "setns", "pid namespace", "children are born in the shared pid namespace", pid, (nint)NamespaceSet.Flag("pid"));
        }

        if (_joined.TryGetValue("user", out var user))
        {
            _plan.Call(
                SystemCall.SetNs, "setns", "user namespace", $"shared with {_namespaces.Joined["user"]}: new namespaces belong to it", user, (nint)NamespaceSet.Flag("user"));
        }

        _plan.Macro(
            PlanOperation.Clone, "clone3", names.Count == 0 ? "no new namespaces" : $"namespaces {string.Join(", ", names)}", "the container's first process");
        return new CloneArguments(flags | CloneArguments.PidFd | CloneArguments.ClearSigHand, _cgroupDirectory);
    }

    private void JoinCgroups()
    {
        var zero = _plan.Arena.Text("0");
        for (var i = 0; i < _cgroupProcs.Count; i++)
        {
            _plan.Call(SystemCall.Write, "write", _request.Cgroup!.JoinFiles[i], "enter the cgroup", _cgroupProcs[i], zero, 1);
        }

        if (_namespaces.Creates("cgroup"))
        {
            _plan.Call(
                SystemCall.Unshare, "unshare", "cgroup namespace", "its own cgroup looks like the root", (nint)NamespaceSet.Flag("cgroup"));
        }
    }

    private void JoinNamespaces()
    {
        if (!HasIntermediate)
        {
            JoinShared();
        }

        SetTimeOffsets();
        FindRootPlace();
        if (AwaitsParent)
        {
            _plan.Macro(PlanOperation.AwaitByte, "read", "status channel", ParentsPart, _statusChild);
        }

        if (_namespaces.Has("user"))
        {
            _plan.Call(SystemCall.Setresgid, "setresgid", "0", "become root of the user namespace", 0, 0, 0);
            _plan.Call(SystemCall.Setresuid, "setresuid", "0", "become root of the user namespace", 0, 0, 0);
        }
    }

    // As late as it can be: the parent connects it meanwhile, and parameters may be those of its devices.
    private void AwaitNetwork()
    {
        if (_request.Connect is not null)
        {
            _plan.Macro(PlanOperation.AwaitByte, "read", "status channel", "wait until the parent has connected the network", _statusChild);
        }
    }

    private bool AwaitsParent => _namespaces.Creates("user") || _networkDevices is not null;

    private string ParentsPart => (_namespaces.Creates("user"), _networkDevices) switch
    {
        (true, null) => "wait until the parent has mapped the ids",
        (true, _) => "wait until the parent has mapped the ids and moved network devices in",
        _ => $"wait until the parent has moved network devices in: {_networkDevices!.Describe()}",
    };

    private void JoinShared()
    {
        foreach (var type in JoinOrder)
        {
            if (_joined.TryGetValue(type, out var register))
            {
                _plan.Call(SystemCall.SetNs, "setns", $"{type} namespace", $"shared with {_namespaces.Joined[type]}", register, (nint)NamespaceSet.Flag(type));
            }
        }
    }

    /// <summary>
    /// A time namespace is entered by the children of the process that made it, or by setns(2), which is what makes it final
    /// (time_namespaces(7)). All is done before the process changes its user id: until then the files in /proc/self are its own.
    /// </summary>
    private void SetTimeOffsets()
    {
        if (_linux.TimeOffsets is not { Count: > 0 } offsets)
        {
            return;
        }

        const string file = "/proc/self/timens_offsets", made = "/proc/self/ns/time_for_children";
        var time = (nint)NamespaceSet.Flag("time");
        var lines = new System.Text.StringBuilder();
        foreach (var (clock, offset) in offsets)
        {
            lines.Append(System.Globalization.CultureInfo.InvariantCulture, $"{clock} {offset.Secs} {offset.Nanosecs}\n");
        }

        var text = lines.ToString();
        _plan.Call(SystemCall.Unshare, "unshare", "time namespace", "made, not yet entered", time);
        var descriptor = _plan.Call(
            SystemCall.OpenAt, "openat", file, "offsets of its clocks", MountFlags.AtFdCwd, _plan.Arena.Text(file), OpenWriteOnly).ToRegister();
        _plan.Call(
            SystemCall.Write, "write", $"{file} = {text.TrimEnd('\n').Replace("\n", ", ", StringComparison.Ordinal)}", "what its clocks show more than the host's",
            descriptor, _plan.Arena.Text(text), text.Length);
        Close(descriptor, "offsets");
        var entered = _plan.Call(
            SystemCall.OpenAt, "openat", made, "the time namespace just made", MountFlags.AtFdCwd, _plan.Arena.Text(made), OpenCloseOnExec).ToRegister();
        _plan.Call(SystemCall.SetNs, "setns", "time namespace", "its clocks count from here on", entered, time);
        Close(entered, "time namespace");
    }

    private void NameHost()
    {
        if (_namespaces.Creates("network"))
        {
            var socket = _plan.Call(
                SystemCall.Socket, "socket", "AF_INET", "to speak to the new network namespace", 2, 2 | OpenCloseOnExec, 0).ToRegister();

            // struct ifreq: 16 bytes of name, then the flags (netdevice(7)).
            var request = _plan.Arena.Allocate(40);
            "lo"u8.CopyTo(new Span<byte>(request, 16));
            *(short*)(request + 16) = InterfaceFlagUp;
            _plan.Call(SystemCall.Ioctl, "ioctl SIOCSIFFLAGS", "lo", "bring the loopback device up", socket, SetInterfaceFlags, (nint)request);
            Close(socket, "socket");
        }

        Name(_spec.Hostname, SystemCall.SetHostname, "sethostname", "the container's host name");
        Name(_spec.Domainname, SystemCall.SetDomainname, "setdomainname", "the container's domain name");
    }

    private void Name(string? name, nint number, string call, string purpose)
    {
        if (string.IsNullOrEmpty(name))
        {
            return;
        }

        _plan.Call(number, call, name, purpose, _plan.Arena.Text(name), System.Text.Encoding.UTF8.GetByteCount(name));
    }
}
