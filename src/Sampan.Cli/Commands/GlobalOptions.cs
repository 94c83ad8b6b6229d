using Sampan.Flags;

namespace Sampan.Cli.Commands;

/// <summary>The flags before the command.</summary>
internal sealed class GlobalOptions
{
    private readonly ValueFlag<string> _root;
    private readonly ValueFlag<string> _state;
    private readonly Switch _debug;
    private readonly Switch _version;

    /// <summary>Declares the flags.</summary>
    public GlobalOptions()
    {
        _root = Flags.Text("root", '\0', "Directory of images, containers and volumes", "/var/lib/sampan");
        _state = Flags.Text("state", '\0', "Directory of sockets and other state that ends with the host's uptime", "/run/sampan");
        _debug = Flags.Switch("debug", 'D', "Print where internal errors come from");
        _version = Flags.Switch("version", 'v', "Print version information and quit");
    }

    /// <summary>The flags.</summary>
    public FlagSet Flags { get; } = new();

    /// <summary>Directory of what lasts; absolute.</summary>
    public string Root => Path.GetFullPath(_root.Value);

    /// <summary>Directory of what ends with the host's uptime; absolute.</summary>
    public string State => Path.GetFullPath(_state.Value);

    /// <summary>Details of internal errors are wanted.</summary>
    public bool Debug => _debug.Value;

    /// <summary>Only the version is wanted.</summary>
    public bool Version => _version.Value;
}
