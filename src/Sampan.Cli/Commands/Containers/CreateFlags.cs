using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags run and create share, and the request they make.</summary>
internal sealed class CreateFlags
{
    private readonly ProcessFlags _process;
    private readonly ResourceFlags _resources;
    private readonly IsolationFlags _isolation;
    private readonly HealthFlags _health;
    private readonly BlockFlags _block;
    private readonly ImageFlags _image;
    private readonly NetworkFlags _networks;
    private readonly ListFlag _annotation;
    private readonly MountFlags _mounts;
    private readonly ValueFlag<string> _cidFile;
    private readonly ValueFlag<string> _logDriver;
    private readonly ListFlag _logOpt;
    private readonly ValueFlag<string> _name;
    private readonly Switch _remove;
    private readonly ValueFlag<string> _restart;
    private readonly ValueFlag<string> _rootfs;
    private readonly ListFlag _storageOpt;
    private readonly ListFlag _tmpfs;
    private readonly ListFlag _volume;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public CreateFlags(FlagSet flags)
    {
        _process = new(flags);
        _resources = new(flags);
        _isolation = new(flags);
        _health = new(flags);
        _block = new(flags);
        _image = new(flags);
        _networks = new(flags);
        _annotation = flags.List("annotation", '\0', "Add an annotation to the container (passed through to the OCI runtime)", "map", LabelArgument.Check);
        _mounts = new(flags);
        _cidFile = flags.Text("cidfile", '\0', "Write the container ID to the file");
        _logDriver = flags.Text("log-driver", '\0', "Logging driver for the container");
        _logOpt = flags.List("log-opt", '\0', "Log driver options", check: LabelArgument.Check);
        _name = flags.Text("name", '\0', "Assign a name to the container");
        _remove = flags.Switch("rm", '\0', "Automatically remove the container and its associated anonymous volumes when it exits");
        _restart = flags.Text("restart", '\0', "Restart policy to apply when a container exits", "no");
        _rootfs = flags.Text("rootfs", '\0', "Run an unpacked root directory instead of an image; the command follows at once");
        _storageOpt = flags.List("storage-opt", '\0', "Storage driver options for the container");
        _tmpfs = flags.List("tmpfs", '\0', "Mount a tmpfs directory");
        _volume = flags.List("volume", 'v', "Bind mount a volume", check: VolumeArgument.Check);
        flags.Alias("name", _name);
        flags.Alias("rootfs", _rootfs);
        flags.Refuse("it is for Windows containers", "cpu-count", "cpu-percent", "io-maxbandwidth", "io-maxiops");
        flags.Refuse("there is no API socket, sampan has no daemon", "use-api-socket");
    }

    /// <summary>Image and command, or with --rootfs the command alone.</summary>
    public Arity Arity => Arity.AtLeast(_rootfs.Changed ? 0 : 1);

    /// <summary>-a was given.</summary>
    public bool AttachChosen => _process.AttachChosen;

    /// <summary>The request the flags and arguments make.</summary>
    /// <param name="arguments">Image, command and its arguments.</param>
    /// <param name="detached">Nothing is attached.</param>
    /// <param name="startFollows">run, not create.</param>
    /// <returns>The request.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: flags that contradict each other or values that make no sense.</exception>
    public ContainerCreateRequest ToRequest(IReadOnlyList<string> arguments, bool detached, bool startFollows)
    {
        var commandAt = _rootfs.Changed ? 0 : 1;
        var command = new string[Math.Max(0, arguments.Count - commandAt)];
        for (var i = 0; i < command.Length; i++)
        {
            command[i] = arguments[commandAt + i];
        }

        var restart = RestartArgument.Parse(_restart.Value);
        if (_remove.Value && restart.Name != "no")
        {
            throw SampanException.InvalidArgument("conflicting options: cannot specify both --restart and --rm");
        }

        _image.Check();
        var host = _networks.Apply(_mounts.Apply(_isolation.Apply(_block.Apply(_resources.Apply(new())))));
        return new()
        {
            Name = _name.Changed ? _name.Value : null,
            Config = _process.ToConfig(_rootfs.Changed ? "" : arguments[0], command, AnonymousVolumes(), detached) with { Healthcheck = _health.ToCheck(), ExposedPorts = _networks.ExposedPorts() },
            HostConfig = host with
            {
                Annotations = _annotation.Changed ? LabelArgument.ToMap(_annotation.Values) : null,
                AutoRemove = _remove.Value,
                Binds = Binds(),
                ContainerIDFile = _cidFile.Value,
                HealthOnFailure = _health.OnFailure,
                LogConfig = Log(host.LogConfig),
                RestartPolicy = restart,
                Rootfs = _rootfs.Changed ? Path.GetFullPath(_rootfs.Value) : null,
                StorageOpt = StorageOptions(),
                Tmpfs = Tmpfs(),
            },
            Endpoints = _networks.ToSettings(host.NetworkMode),
            Platform = _image.Platform,
            StartFollows = startFollows,
        };
    }

    /// <summary>Makes the container, and writes its id where --cidfile says. The file is taken before anything is made; a create that fails leaves none.</summary>
    /// <param name="session">The engine, and where warnings go.</param>
    /// <param name="request">From <see cref="ToRequest"/>.</param>
    /// <returns>The container; null when its image could not be pulled, and standard error says why.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Conflict"/>: the file is there. Others as the engine's.</exception>
    /// <exception cref="LinuxException">The file cannot be made.</exception>
    public Container? Create(Session session, ContainerCreateRequest request)
    {
        using var idFile = TakeIdFile();
        Container? container = null;
        try
        {
            container = _image.Create(session, request);
            idFile?.WriteAll(System.Text.Encoding.ASCII.GetBytes(container?.Id ?? ""));
        }
        finally
        {
            if (container is null && idFile is not null)
            {
                File.Delete(_cidFile.Value);
            }
        }

        if (container is not null)
        {
            foreach (var warning in _resources.Warnings())
            {
                session.Warn(warning);
            }

            foreach (var warning in _networks.Warnings().Concat(PortWarnings.Of(container, session.Engine.Networks)))
            {
                session.Warn(warning);
            }
        }

        return container;
    }

    private FileDescriptor? TakeIdFile()
    {
        if (!_cidFile.Changed)
        {
            return null;
        }

        try
        {
            return FileDescriptor.Open(_cidFile.Value, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x1A4);
        }
        catch (LinuxException problem) when (problem.Errno == Errno.EEXIST)
        {
            throw SampanException.Conflict($"container ID file found, make sure the other container isn't running or delete {_cidFile.Value}");
        }
        catch (LinuxException problem)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"failed to create the container ID file: {problem.Message}", problem);
        }
    }

    private List<string>? Binds()
    {
        List<string>? binds = null;
        foreach (var text in _volume.Values)
        {
            if (VolumeArgument.Parse(text) is { Source.Length: > 0 } volume)
            {
                (binds ??= []).Add(volume.Bind);
            }
        }

        return binds;
    }

    private Dictionary<string, EmptyObject>? AnonymousVolumes()
    {
        Dictionary<string, EmptyObject>? volumes = null;
        foreach (var text in _volume.Values)
        {
            if (VolumeArgument.Parse(text) is { Source.Length: 0 } volume)
            {
                (volumes ??= new(StringComparer.Ordinal))[volume.Destination] = new();
            }
        }

        return volumes;
    }

    private Dictionary<string, string>? StorageOptions()
    {
        Dictionary<string, string>? options = null;
        foreach (var text in _storageOpt.Values)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            (options ??= new(StringComparer.Ordinal))[equals > 0 ? text[..equals] : throw SampanException.InvalidArgument("invalid storage option")] = text[(equals + 1)..];
        }

        return options;
    }

    private Dictionary<string, string>? Tmpfs()
    {
        Dictionary<string, string>? mounts = null;
        foreach (var text in _tmpfs.Values)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            (mounts ??= new(StringComparer.Ordinal))[colon < 0 ? text : text[..colon]] = colon < 0 ? "" : text[(colon + 1)..];
        }

        return mounts;
    }

    private LogConfig Log(LogConfig standard)
    {
        if (_logDriver.Value == "none" && _logOpt.Changed)
        {
            throw SampanException.InvalidArgument("invalid logging opts for driver none");
        }

        return !_logDriver.Changed && !_logOpt.Changed
            ? standard
            : new() { Type = _logDriver.Value.Length == 0 ? standard.Type : _logDriver.Value, Config = LabelArgument.ToMap(_logOpt.Values) };
    }
}
