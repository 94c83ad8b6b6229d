using Sampan.Flags;

namespace Sampan.RuntimeCli.Commands;

/// <summary>The flags before the command (runc(8)).</summary>
internal sealed class GlobalOptions
{
    private const string DefaultRoot = "/run/sampan-runtime";

    private readonly Switch _debug;
    private readonly ValueFlag<string> _log;
    private readonly ValueFlag<string> _logFormat;
    private readonly ValueFlag<string> _root;
    private readonly ValueFlag<string> _rootless;
    private readonly Switch _systemd;
    private readonly Switch _version;

    public GlobalOptions()
    {
        _debug = Flags.Switch("debug", '\0', "enable debug logging");
        _log = Flags.Text("log", '\0', "set the log file to write logs to (default is '/dev/stderr')");
        _logFormat = Flags.Text("log-format", '\0', "set the log format ('text' (default), or 'json')", "text");
        _root = Flags.Text("root", '\0', "root directory for storage of container state (this should be located in tmpfs)", DefaultRoot);
        _systemd = Flags.Switch("systemd-cgroup", '\0', "enable systemd cgroup support, expects cgroupsPath to be of form \"slice:prefix:name\" for e.g. \"system.slice:runc:434234\"");
        _rootless = Flags.Text("rootless", '\0', "ignore cgroup permission errors ('true', 'false', or 'auto')", "auto");
        _version = Flags.Switch("version", 'v', "print the version");
    }

    public FlagSet Flags { get; } = new();

    public bool Debug => _debug.Value;

    public string Log => _log.Value;

    public bool LogAsJson => _logFormat.Value == "json";

    public string LogFormat => _logFormat.Value;

    public string Root => Path.GetFullPath(_root.Value);

    public bool SystemdCgroup => _systemd.Value;

    /// <summary>Permission errors of control groups are to be ignored.</summary>
    public bool Rootless => _rootless.Value == "true";

    public bool Version => _version.Value;
}
