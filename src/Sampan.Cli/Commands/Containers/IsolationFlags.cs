using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Engine.Users;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of run and create that say what a container shares with the host: namespaces, devices, privileges.</summary>
internal sealed class IsolationFlags
{
    private readonly List<DeviceMapping> _devices = [];
    private readonly List<string> _cdiDevices = [];
    private readonly ListFlag _addHost;
    private readonly ListFlag _capAdd;
    private readonly ListFlag _capDrop;
    private readonly ValueFlag<string> _cgroupns;
    private readonly ListFlag _dns;
    private readonly ListFlag _dnsOption;
    private readonly ListFlag _dnsSearch;
    private readonly ListFlag _groupAdd;
    private readonly Switch _init;
    private readonly ValueFlag<string> _ipc;
    private readonly ValueFlag<string> _isolation;
    private readonly ValueFlag<string> _pid;
    private readonly Switch _privileged;
    private readonly Switch _readOnly;
    private readonly ValueFlag<string> _runtime;
    private readonly ListFlag _securityOpt;
    private readonly ListFlag _sysctl;
    private readonly ListFlag _gidMap;
    private readonly ListFlag _uidMap;
    private readonly ValueFlag<string> _userns;
    private readonly ValueFlag<string> _uts;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public IsolationFlags(FlagSet flags)
    {
        _addHost = flags.List("add-host", '\0', "Add a custom host-to-IP mapping (host:ip)", check: HostArgument.Check);
        _capAdd = flags.List("cap-add", '\0', "Add Linux capabilities");
        _capDrop = flags.List("cap-drop", '\0', "Drop Linux capabilities");
        _cgroupns = flags.Text("cgroupns", '\0', "Cgroup namespace to use (host|private)");
        flags.List("device", '\0', "Add a host device to the container", check: AddDevice);
        _dns = flags.List("dns", '\0', "Set custom DNS servers", check: HostArgument.CheckAddress);
        _dnsOption = flags.List("dns-option", '\0', "Set DNS options");
        _dnsSearch = flags.List("dns-search", '\0', "Set custom DNS search domains", check: HostArgument.CheckDomain);
        flags.List("gpus", '\0', "GPU devices to add to the container ('all' to pass all GPUs)", "gpu-request", AddGpus);
        _gidMap = flags.List("gidmap", '\0', "Group ids of a user namespace: INSIDE:OUTSIDE:COUNT");
        _groupAdd = flags.List("group-add", '\0', "Add additional groups to join");
        _init = flags.Switch("init", '\0', "Run an init inside the container that forwards signals and reaps processes");
        _ipc = flags.Text("ipc", '\0', "IPC mode to use");
        _isolation = flags.Text("isolation", '\0', "Container isolation technology");
        _pid = flags.Text("pid", '\0', "PID namespace to use");
        _privileged = flags.Switch("privileged", '\0', "Give extended privileges to this container");
        _readOnly = flags.Switch("read-only", '\0', "Mount the container's root filesystem as read only");
        _runtime = flags.Text("runtime", '\0', "Runtime to use for this container");
        _securityOpt = flags.List("security-opt", '\0', "Security Options");
        _sysctl = flags.List("sysctl", '\0', "Sysctl options", "map", SysctlArgument.Check);
        _uidMap = flags.List("uidmap", '\0', "User ids of a user namespace: INSIDE:OUTSIDE:COUNT");
        _userns = flags.Text("userns", '\0', "User namespace to use (host|remap[:USER[:GROUP]]|auto[:size=N,...]|keep-id|container:NAME)");
        _uts = flags.Text("uts", '\0', "UTS namespace to use");
    }

    /// <summary>Adds what is shared.</summary>
    /// <param name="host">What the host gives so far.</param>
    /// <returns>The same with this.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a mode that does not exist.</exception>
    public HostConfig Apply(HostConfig host)
    {
        Require(_pid.Value is "" or "host" || IsContainer(_pid.Value), "--pid: invalid PID mode");
        Require(_ipc.Value is "" or "none" or "private" or "shareable" or "host" || IsContainer(_ipc.Value), "--ipc: invalid IPC mode");
        Require(_uts.Value is "" or "host", "--uts: invalid UTS mode");
        Require(_cgroupns.Value is "" or "private" or "host", "--cgroupns: invalid CGROUP mode");
        Require(UsernsMode.TryParse(_userns.Value) is not null, "--userns: invalid USER mode");
        var givesIds = _uidMap.Changed || _gidMap.Changed;
        Require(!givesIds || !_userns.Changed, "--userns and --uidmap/--gidmap are mutually exclusive");
        var options = SecurityOptions.Read(_securityOpt.Values);
        return host with
        {
            CapAdd = _capAdd.ValuesOrNull,
            CapDrop = _capDrop.ValuesOrNull,
            CgroupnsMode = _cgroupns.Value.Length == 0 ? host.CgroupnsMode : _cgroupns.Value,
            Devices = _devices.Count == 0 ? null : _devices,
            DeviceRequests = _cdiDevices.Count == 0 ? null : [new DeviceRequest { DeviceIDs = _cdiDevices }],
            Dns = _dns.ValuesOrNull,
            DnsOptions = _dnsOption.ValuesOrNull,
            DnsSearch = _dnsSearch.ValuesOrNull,
            ExtraHosts = _addHost.ValuesOrNull,
            GroupAdd = _groupAdd.ValuesOrNull,
            Init = _init.Changed ? _init.Value : null,
            IpcMode = _ipc.Value.Length == 0 ? host.IpcMode : _ipc.Value,
            Isolation = _isolation.Value,
            MaskedPaths = options.SystemPathsUnconfined ? [] : null,
            PidMode = _pid.Value,
            Privileged = _privileged.Value,
            ReadonlyPaths = options.SystemPathsUnconfined ? [] : null,
            ReadonlyRootfs = _readOnly.Value,
            Runtime = _runtime.Value,
            SecurityOpt = options.Values,
            Sysctls = _sysctl.Changed ? LabelArgument.ToMap(_sysctl.Values) : null,
            UTSMode = _uts.Value,
            UsernsMode = givesIds ? "private" : _userns.Value,
            IDMappings = givesIds
                ? new UserIdMappings { UidMap = (_uidMap.Changed ? _uidMap : _gidMap).Values, GidMap = (_gidMap.Changed ? _gidMap : _uidMap).Values }
                : null,
        };
    }

    private static void Require(bool valid, string complaint)
    {
        if (!valid)
        {
            throw SampanException.InvalidArgument(complaint);
        }
    }

    private static bool IsContainer(string mode) => mode.Length > "container:".Length && mode.StartsWith("container:", StringComparison.Ordinal);

    private string AddDevice(string text)
    {
        if (!text.StartsWith('/') && DeviceArgument.IsCdiName(text))
        {
            _cdiDevices.Add(text);
        }
        else
        {
            _devices.Add(DeviceArgument.Parse(text));
        }

        return text;
    }

    private string AddGpus(string text)
    {
        _cdiDevices.AddRange(GpuArgument.Parse(text));
        return text;
    }
}
