using Sampan.Linux;
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
            if (type is "mount" or "user")
            {
                throw SampanException.InvalidArgument($"joining the {type} namespace {path} is not supported: leave its path out");
            }

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

        if (_pidNamespace is { } pid)
        {
            _plan.Call(
                SystemCall.SetNs, "setns", "pid namespace", "children are born in the shared pid namespace", pid, (nint)NamespaceSet.Flag("pid"));
        }

        _plan.Macro(PlanOperation.Clone, "clone3", $"namespaces {string.Join(", ", names)}", "the container's first process");
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
        foreach (var type in JoinOrder)
        {
            if (_joined.TryGetValue(type, out var register))
            {
                _plan.Call(SystemCall.SetNs, "setns", $"{type} namespace", $"shared with {_namespaces.Joined[type]}", register, (nint)NamespaceSet.Flag(type));
            }
        }

        if (_namespaces.Creates("user"))
        {
            _plan.Macro(PlanOperation.AwaitByte, "read", "status channel", "wait until the parent has mapped the ids", _statusChild);
            _plan.Call(SystemCall.Setresgid, "setresgid", "0", "become root of the user namespace", 0, 0, 0);
            _plan.Call(SystemCall.Setresuid, "setresuid", "0", "become root of the user namespace", 0, 0, 0);
        }
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

        if (!_namespaces.Creates("uts"))
        {
            throw SampanException.InvalidArgument($"cannot set the name {name} in a shared uts namespace: leave it out, or give the container its own");
        }

        _plan.Call(number, call, name, purpose, _plan.Arena.Text(name), System.Text.Encoding.UTF8.GetByteCount(name));
    }
}
