using System.Globalization;
using Sampan.Flags;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Containers;

namespace Sampan.RuntimeCli.Commands;

/// <summary>The flags of exec that say what the process is.</summary>
internal sealed class ExecFlags
{
    private const int LongestDocument = 16 << 20;

    private readonly ListFlag _env;
    private readonly Switch _tty;
    private readonly ValueFlag<string> _user;
    private readonly ListFlag _groups;
    private readonly ValueFlag<string> _process;
    private readonly ValueFlag<string> _cwd;
    private readonly ValueFlag<string> _label;
    private readonly ValueFlag<string> _apparmor;
    private readonly Switch _noNewPrivileges;
    private readonly ListFlag _capabilities;

    public ExecFlags(FlagSet flags)
    {
        _cwd = flags.Text("cwd", '\0', "current working directory in the container");
        _env = flags.List("env", 'e', "set environment variables");
        _tty = flags.Switch("tty", 't', "allocate a pseudo-TTY");
        _user = flags.Text("user", 'u', "UID (format: <uid>[:<gid>])");
        _groups = flags.List("additional-gids", 'g', "additional gids");
        _process = flags.Text("process", 'p', "path to the process.json");
        _label = flags.Text("process-label", '\0', "set the asm process label for the process commonly used with selinux");
        _apparmor = flags.Text("apparmor", '\0', "set the apparmor profile for the process");
        _noNewPrivileges = flags.Switch("no-new-privs", '\0', "set the no new privileges value for the process");
        _capabilities = flags.List("cap", 'c', "add a capability to the bounding set for the process");
    }

    /// <summary>Puts the process together: the document as it is, or the container's own process with what the flags say.</summary>
    /// <param name="own">The container's own process.</param>
    /// <param name="arguments">The id, then the command.</param>
    /// <returns>What to execute.</returns>
    /// <exception cref="SampanException">No command, or an invalid value.</exception>
    public RuntimeProcess Read(RuntimeProcess own, IReadOnlyList<string> arguments)
    {
        if (_process.Value.Length > 0)
        {
            return BundleFile.ParseProcess(
                FileTree.TryRead(_process.Value, LongestDocument) ?? throw SampanException.NotFound($"open {_process.Value}: no such file or directory"));
        }

        if (arguments.Count < 2)
        {
            throw SampanException.InvalidArgument("process args cannot be empty");
        }

        var command = new List<string>(arguments);
        command.RemoveAt(0);
        return own with
        {
            Args = command,
            Env = [.. own.Env ?? [], .. _env.Values],
            Terminal = _tty.Value,
            ConsoleSize = null,
            Cwd = _cwd.Value.Length > 0 ? _cwd.Value : own.Cwd,
            User = User(own.User),
            Capabilities = Capabilities(own.Capabilities),
            SelinuxLabel = _label.Value.Length > 0 ? _label.Value : own.SelinuxLabel,
            ApparmorProfile = _apparmor.Value.Length > 0 ? _apparmor.Value : own.ApparmorProfile,
            NoNewPrivileges = _noNewPrivileges.Changed ? _noNewPrivileges.Value : own.NoNewPrivileges,
        };
    }

    private RuntimeUser User(RuntimeUser own)
    {
        var user = own;
        if (_user.Value.Length > 0)
        {
            var parts = _user.Value.Split(':', 2);
            user = user with { Uid = Id(parts[0], "uid"), Gid = parts.Length > 1 ? Id(parts[1], "gid") : user.Gid };
        }

        if (_groups.Values.Count == 0)
        {
            return user;
        }

        var groups = new List<uint>(user.AdditionalGids ?? []);
        foreach (var group in _groups.Values)
        {
            groups.Add(Id(group, "gid"));
        }

        return user with { AdditionalGids = groups };
    }

    private RuntimeCapabilities? Capabilities(RuntimeCapabilities? own)
    {
        if (_capabilities.Values.Count == 0)
        {
            return own;
        }

        own ??= new();
        return own with
        {
            Bounding = Join(own.Bounding),
            Effective = Join(own.Effective),
            Permitted = Join(own.Permitted),
            Ambient = own.Ambient,
            Inheritable = own.Inheritable,
        };

        List<string> Join(IReadOnlyList<string>? names) => [.. names ?? [], .. _capabilities.Values];
    }

    private static uint Id(string text, string what) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id != uint.MaxValue
            ? id
            : throw SampanException.InvalidArgument($"parsing {text} as int for {what} failed: give a number below 4294967295");
}
