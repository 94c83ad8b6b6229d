using Sampan.Flags;
using Sampan.Runtime.Launching;

namespace Sampan.RuntimeCli.Commands;

/// <summary>The flags before the command (runc(8)).</summary>
internal sealed class GlobalOptions
{
    private const string Name = "sampan-runtime";

    private readonly ValueFlag<string> _criu;
    private readonly Switch _debug;
    private readonly ValueFlag<string> _log;
    private readonly ValueFlag<string> _logFormat;
    private readonly ValueFlag<string> _root;
    private readonly ValueFlag<bool?> _rootless;
    private readonly Switch _systemd;
    private readonly Switch _version;

    public GlobalOptions()
    {
        _debug = Flags.Switch("debug", '\0', "log every step of a launch too, with the time it took");
        _log = Flags.Text("log", '\0', "set the log file to write logs to (default is '/dev/stderr')");
        _logFormat = Flags.Text("log-format", '\0', "set the log format: 'text' or 'json'", "text");
        _root = Flags.Text("root", '\0', "root directory for storage of container state (this should be located in tmpfs)", DefaultRoot());
        _criu = Flags.Text("criu", '\0', "path to the criu binary used for checkpoint and restore; a name is looked for in PATH", "criu");
        _systemd = Flags.Switch("systemd-cgroup", '\0', "enable systemd cgroup support, expects cgroupsPath to be of form \"slice:prefix:name\" for e.g. \"system.slice:runc:434234\"");
        _rootless = Flags.Add(new ValueFlag<bool?>("rootless", '\0', "ignore cgroup permission errors ('true', 'false', or 'auto')", "string", TrueFalseOrAuto, null, "\"auto\""));
        _version = Flags.Switch("version", 'v', "print the version");
    }

    public FlagSet Flags { get; } = new();

    /// <summary>criu's path, or its name in PATH.</summary>
    public string Criu => _criu.Value.Length > 0 ? _criu.Value : "criu";

    public bool Debug => _debug.Value;

    public string Log => _log.Value;

    public bool LogAsJson => _logFormat.Value == "json";

    public string LogFormat => _logFormat.Value;

    public string Root => Path.GetFullPath(_root.Value);

    public bool SystemdCgroup => _systemd.Value;

    /// <summary>Permission errors of control groups are to be ignored; null decides by who the caller is.</summary>
    public bool? Rootless => _rootless.Value;

    public bool Version => _version.Value;

    // A user who is not root has a place of his own for what lasts until he has gone (XDG Base Directory Specification).
    private static string DefaultRoot()
    {
        var isRoot = Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("USER") == "root";
        return CallerPrivileges.IsRootless && !isRoot && Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } directory
            ? $"{directory}/{Name}"
            : $"/run/{Name}";
    }

    // The words Go's strconv.ParseBool takes, which runc's callers may use.
    private static bool? TrueFalseOrAuto(string text) => text switch
    {
        "" or "auto" => null,
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new ValueException($"\"{text}\" is not true, false or auto"),
    };
}
