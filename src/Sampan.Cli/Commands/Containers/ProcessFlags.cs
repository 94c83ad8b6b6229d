using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of run and create that say what runs: docker's ContainerConfig.</summary>
internal sealed class ProcessFlags
{
    private readonly ListFlag _attach;
    private readonly ListFlag _env;
    private readonly ListFlag _envFile;
    private readonly ListFlag _label;
    private readonly ListFlag _labelFile;
    private readonly Switch _interactive;
    private readonly Switch _tty;
    private readonly ValueFlag<string> _domainname;
    private readonly ValueFlag<string> _entrypoint;
    private readonly ValueFlag<string> _hostname;
    private readonly ValueFlag<string> _stopSignal;
    private readonly ValueFlag<long> _stopTimeout;
    private readonly ValueFlag<string> _user;
    private readonly ValueFlag<string> _workdir;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public ProcessFlags(FlagSet flags)
    {
        _attach = flags.List("attach", 'a', "Attach to STDIN, STDOUT or STDERR", check: AttachArgument.Check);
        _domainname = flags.Text("domainname", '\0', "Container NIS domain name");
        _entrypoint = flags.Text("entrypoint", '\0', "Overwrite the default ENTRYPOINT of the image");
        _env = flags.List("env", 'e', "Set environment variables", check: EnvironmentArgument.Resolve);
        _envFile = flags.List("env-file", '\0', "Read in a file of environment variables");
        _hostname = flags.Text("hostname", 'h', "Container host name");
        _interactive = flags.Switch("interactive", 'i', "Keep STDIN open even if not attached");
        _label = flags.List("label", 'l', "Set meta data on a container", check: LabelArgument.Check);
        _labelFile = flags.List("label-file", '\0', "Read in a line delimited file of labels");
        _stopSignal = flags.Text("stop-signal", '\0', "Signal to stop the container");
        _stopTimeout = flags.Number("stop-timeout", '\0', "Timeout (in seconds) to stop a container");
        _tty = flags.Switch("tty", 't', "Allocate a pseudo-TTY");
        _user = flags.Text("user", 'u', "Username or UID (format: <name|uid>[:<group|gid>])");
        _workdir = flags.Text("workdir", 'w', "Working directory inside the container");
    }

    /// <summary>-a was given.</summary>
    public bool AttachChosen => _attach.Changed;

    /// <summary>What runs.</summary>
    /// <param name="image">The image as the user wrote it; empty with --rootfs.</param>
    /// <param name="command">The command and its arguments; empty leaves it to the image.</param>
    /// <param name="volumes">Destinations of anonymous volumes; null when there is none.</param>
    /// <param name="detached">Nothing is attached.</param>
    /// <returns>The configuration.</returns>
    public ContainerConfig ToConfig(string image, IReadOnlyList<string> command, IReadOnlyDictionary<string, EmptyObject>? volumes, bool detached)
    {
        var attachStdin = !detached && (AttachChosen ? Attaches("stdin") : _interactive.Value);
        return new()
        {
            AttachStdin = attachStdin,
            AttachStdout = !detached && (!AttachChosen || Attaches("stdout")),
            AttachStderr = !detached && (!AttachChosen || Attaches("stderr")),
            Cmd = command.Count == 0 ? null : command,
            Domainname = _domainname.Value,

            // An empty --entrypoint takes the image's away; docker writes that as one empty word.
            Entrypoint = _entrypoint.Changed ? [_entrypoint.Value] : null,
            Env = KeyValueFile.Environment(_envFile.Values, _env.Values),
            Hostname = _hostname.Value,
            Image = image,
            Labels = Labels(),
            OpenStdin = _interactive.Value,
            StdinOnce = _interactive.Value && attachStdin,
            StopSignal = _stopSignal.Value.Length == 0 ? null : SignalName.Check(_stopSignal.Value),
            StopTimeout = _stopTimeout.Changed ? (int)_stopTimeout.Value : null,
            Tty = _tty.Value,
            User = _user.Value,
            Volumes = volumes,
            WorkingDir = _workdir.Value,
        };
    }

    private bool Attaches(string stream)
    {
        foreach (var value in _attach.Values)
        {
            if (value == stream)
            {
                return true;
            }
        }

        return false;
    }

    private Dictionary<string, string> Labels()
    {
        if (!_labelFile.Changed)
        {
            return LabelArgument.ToMap(_label.Values);
        }

        var all = new List<string>();
        foreach (var path in _labelFile.Values)
        {
            all.AddRange(KeyValueFile.Read(path, static _ => null));
        }

        all.AddRange(_label.Values);
        return LabelArgument.ToMap(all);
    }
}
