using Sampan.Runtime.Checkpoints.Protobuf;

namespace Sampan.Runtime.Checkpoints;

/// <summary>How criu dumps or restores (rpc.proto, criu_opts). What is absent or false is not sent, and criu's default holds.</summary>
internal sealed record CriuOptions
{
    private const int LogEverything = 4;

    /// <summary>Descriptor of the images' directory, in the process that asks.</summary>
    public required int ImagesDirectory { get; init; }

    /// <summary>Descriptor of the directory for the log and what else criu leaves; the images' own without it.</summary>
    public int? WorkDirectory { get; init; }

    /// <summary>The log's name.</summary>
    public required string LogFile { get; init; }

    /// <summary>The first process to be dumped.</summary>
    public int? Pid { get; init; }

    /// <summary>The root of the container, a mount point when it is restored.</summary>
    public string? Root { get; init; }

    /// <summary>The processes go on after a dump.</summary>
    public bool LeaveRunning { get; init; }

    /// <summary>Unix sockets with a peer outside are kept.</summary>
    public bool ExternalUnixSockets { get; init; }

    /// <summary>Open TCP connections are kept.</summary>
    public bool TcpEstablished { get; init; }

    /// <summary>Devices are opened by whatever path leads to them.</summary>
    public bool EvasiveDevices { get; init; }

    /// <summary>A controlling terminal from outside is the one of whoever restores.</summary>
    public bool ShellJob { get; init; }

    /// <summary>File locks are kept.</summary>
    public bool FileLocks { get; init; }

    /// <summary>Where pages go to, or come from.</summary>
    public (string Address, int Port)? PageServer { get; init; }

    /// <summary>Images of a former dump, relative to the images' directory.</summary>
    public string? ParentImage { get; init; }

    /// <summary>Changed pages are tracked from this dump on.</summary>
    public bool TrackMemory { get; init; }

    /// <summary>Pages that a later image has too are punched out of the former.</summary>
    public bool AutoDedup { get; init; }

    /// <summary>Limits and groups below the container's own are kept: always, how is said by the mode.</summary>
    public CriuCgroupMode? CgroupMode { get; init; }

    /// <summary>Where each controller's tree of the dump is put at a restore.</summary>
    public IReadOnlyList<(string Controller, string Path)> CgroupRoots { get; init; } = [];

    /// <summary>The restored process is a child of whoever asks, not of criu.</summary>
    public bool RestoreSibling { get; init; }

    /// <summary>What the images call a descriptor, and which one of criu's it is now.</summary>
    public IReadOnlyList<(string Key, int Descriptor)> InheritedDescriptors { get; init; } = [];

    /// <summary>Mounts from outside: at a dump place and name, at a restore name and source.</summary>
    public IReadOnlyList<(string Key, string Value)> ExternalMounts { get; init; } = [];

    /// <summary>Other things from outside, in the words of criu's --external.</summary>
    public IReadOnlyList<string> External { get; init; } = [];

    /// <summary>CLONE_NEW* bits of namespaces that are made and not filled.</summary>
    public ulong EmptyNamespaces { get; init; }

    /// <summary>Namespaces that are entered at a restore: type and file.</summary>
    public IReadOnlyList<(string Type, string File)> JoinedNamespaces { get; init; } = [];

    /// <summary>The group whose freezer holds the processes still.</summary>
    public string? FreezeCgroup { get; init; }

    /// <summary>Pages are fetched when they are used.</summary>
    public bool LazyPages { get; init; }

    /// <summary>criu's own configuration, which overrides all of this.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Another profile of the security module than the dumped one, TYPE:NAME.</summary>
    public string? LsmProfile { get; init; }

    /// <summary>Another context of its mounts.</summary>
    public string? LsmMountContext { get; init; }

    /// <summary>Writes the fields.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ProtobufWriter writer)
    {
        writer.WriteNumber(1, ImagesDirectory);
        Number(2, Pid);
        Switch(3, LeaveRunning);
        Switch(4, ExternalUnixSockets);
        Switch(5, TcpEstablished);
        Switch(6, EvasiveDevices);
        Switch(7, ShellJob);
        Switch(8, FileLocks);
        writer.WriteNumber(9, LogEverything);
        writer.WriteText(10, LogFile);
        if (PageServer is var (address, port))
        {
            writer.WriteMessage(11, server =>
            {
                server.WriteText(1, address);
                server.WriteNumber(2, port);
            });
        }

        // Notifications, and the master side of a terminal that was outside.
        writer.WriteBoolean(12, true);
        Text(13, Root);
        Text(14, ParentImage);
        Switch(15, TrackMemory);
        Switch(16, AutoDedup);
        Number(17, WorkDirectory);
        Pairs(23, ExternalMounts);
        writer.WriteBoolean(24, true);
        Pairs(25, CgroupRoots);
        Switch(26, RestoreSibling);
        foreach (var (key, descriptor) in InheritedDescriptors)
        {
            writer.WriteMessage(27, inherited =>
            {
                inherited.WriteText(1, key);
                inherited.WriteNumber(2, descriptor);
            });
        }

        Number(34, (int?)CgroupMode);
        foreach (var item in External)
        {
            writer.WriteText(37, item);
        }

        writer.WriteNumber(38, (long)EmptyNamespaces);
        Pairs(39, JoinedNamespaces);
        Text(44, FreezeCgroup);
        Switch(48, LazyPages);
        writer.WriteBoolean(50, true);
        Text(51, ConfigurationFile);
        Text(53, LsmProfile);
        Text(63, LsmMountContext);

        void Number(int field, int? value)
        {
            if (value is { } number)
            {
                writer.WriteNumber(field, number);
            }
        }

        void Switch(int field, bool value)
        {
            if (value)
            {
                writer.WriteBoolean(field, true);
            }
        }

        void Text(int field, string? value)
        {
            if (value is not null)
            {
                writer.WriteText(field, value);
            }
        }

        // ext_mount_map, cgroup_root and join_namespace are all two texts.
        void Pairs(int field, IReadOnlyList<(string First, string Second)> pairs)
        {
            foreach (var (first, second) in pairs)
            {
                writer.WriteMessage(field, pair =>
                {
                    pair.WriteText(1, first);
                    pair.WriteText(2, second);
                });
            }
        }
    }
}
