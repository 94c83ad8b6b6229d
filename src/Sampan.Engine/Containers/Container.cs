using Sampan.Engine.Events;
using Sampan.Engine.Monitors;
using Sampan.Engine.Networks;
using Sampan.Engine.Users;
using Sampan.Linux.Files;

namespace Sampan.Engine.Containers;

/// <summary>A container on disk: its record as it was read, its state read anew each time it is asked for.</summary>
public sealed class Container
{
    private readonly EnginePaths _paths;

    internal Container(EnginePaths paths, ContainerRecord record, FileDescriptor? hold = null)
    {
        _paths = paths;
        Record = record;
        Hold = hold;
    }

    /// <summary>Everything decided when it was made, or by rename and update since.</summary>
    public ContainerRecord Record { get; internal set; }

    /// <summary>
    /// Its record cannot be read, so <see cref="Record"/> says no more than its id, its name and when it was made: it can be listed and removed, and
    /// may use whatever there is.
    /// </summary>
    public bool IsDamaged { get; init; }

    /// <summary>64 hex digits.</summary>
    public string Id => Record.Id;

    /// <summary>Name, without docker's leading slash.</summary>
    public string Name => Record.Name;

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created => Record.Created;

    /// <summary>What runs.</summary>
    public ContainerConfig Config => Record.Config;

    /// <summary>What the host gives.</summary>
    public HostConfig HostConfig => Record.HostConfig;

    /// <summary>sha256:… of the image; empty with --rootfs.</summary>
    public string ImageId => Record.ImageId;

    /// <summary>Its ids on the host; null where it has the host's.</summary>
    internal ContainerIdMap? IdMap => ContainerIdMap.Of(HostConfig);

    /// <summary>The program to execute.</summary>
    public string Path => Record.Path;

    /// <summary>Its arguments after the program's name.</summary>
    public IReadOnlyList<string> Args => Record.Args;

    /// <summary>Bind mounts and volumes.</summary>
    public IReadOnlyList<MountPoint> Mounts => Record.Mounts;

    /// <summary>Its directory.</summary>
    public string Directory => _paths.Container(Id);

    /// <summary>What it wrote: the overlay's upper directory.</summary>
    public string UpperDirectory => Directory + "/upper";

    /// <summary>The overlay's work directory.</summary>
    public string WorkDirectory => Directory + "/work";

    /// <summary>Where the overlay is mounted in the container's own mount namespace; always empty on the host.</summary>
    public string Mountpoint => Directory + "/rootfs";

    /// <summary>Its layers' directories, bottom first; an empty one for an image without layers.</summary>
    public IReadOnlyList<string> LayerDirectories
    {
        get
        {
            if (Record.Layers.Count == 0)
            {
                return [Directory + "/lower"];
            }

            var layers = new string[Record.Layers.Count];
            for (var index = 0; index < layers.Length; index++)
            {
                layers[index] = _paths.Layers + "/" + Record.Layers[index];
            }

            return layers;
        }
    }

    /// <summary>The json-file log; rotated files end in .1, .2 …</summary>
    public string LogPath => Directory + "/" + Id + "-json.log";

    /// <summary>The content of the container's /etc/hostname.</summary>
    public string HostnamePath => Directory + "/hostname";

    /// <summary>The content of the container's /etc/hosts.</summary>
    public string HostsPath => Directory + "/hosts";

    /// <summary>The content of the container's /etc/resolv.conf.</summary>
    public string ResolvConfPath => Directory + "/resolv.conf";

    /// <summary>What is true of it now. Takes no lock and waits for nobody.</summary>
    /// <exception cref="Linux.LinuxException">The state could not be read.</exception>
    public ContainerState State => StateFile.Read(this);

    /// <summary>The networks it is on by name; its mode where they are none of ours.</summary>
    public IReadOnlyList<string> Networks => Record.Endpoints is { } endpoints ? [.. endpoints.Select(static endpoint => endpoint.Network)] : [HostConfig.NetworkMode];

    /// <summary>How it is connected; null where it does not run, or is on no network of ours.</summary>
    public NetworkState? Network => Record.Endpoints is null ? null : NetworkState.TryRead(RunDirectory);

    /// <summary>What its health checks found; null without one, and before the first start.</summary>
    public ContainerHealth? Health => HealthFile.TryRead(Directory);

    /// <summary>Where what happens to it is written down.</summary>
    internal EventJournal Journal => new(_paths);

    /// <summary>Where it is written down that it comes to networks and leaves them.</summary>
    internal NetworkEvents NetworkEvents => new(_paths);

    /// <summary>The directory of its monitor's socket.</summary>
    internal string RunDirectory => _paths.Run(Id);

    /// <summary>Its monitor lives: it holds the lock, or answers where the lock's file is not what it locked any more.</summary>
    internal bool HasMonitor => MonitorLock.IsHeld(Directory) || MonitorSocket.Answers(RunDirectory);

    /// <summary>The monitor that waits for it where this process made the container for a start that follows.</summary>
    internal StartingMonitor? Monitor { get; set; }

    /// <summary>The monitor's lock where this process made the container for a start that follows; passes to the monitor.</summary>
    internal FileDescriptor? Hold { get; set; }
}
