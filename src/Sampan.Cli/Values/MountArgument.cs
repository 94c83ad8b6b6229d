using Sampan.Engine.Containers;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>The value of --mount: fields separated by commas, in double quotes where one has a comma itself.</summary>
internal sealed class MountArgument
{
    private readonly string _text;
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _driverOptions = new(StringComparer.Ordinal);
    private MountRequest _mount = new();
    private BindOptions? _bind;
    private VolumeOptions? _volume;
    private TmpfsMountOptions? _tmpfs;
    private string _driver = "";

    private MountArgument(string text) => _text = text;

    /// <summary>Reads it.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The mount.</returns>
    /// <exception cref="ValueException">In docker's words.</exception>
    public static MountRequest Parse(string text)
    {
        var argument = new MountArgument(text);
        foreach (var field in FieldList.Split(text))
        {
            argument.Add(field);
        }

        return argument.Finish();
    }

    private static bool Truth(string key, string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new ValueException($"invalid value for {key}: {value}"),
    };

    private static (string Key, string Value) Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (text, "") : (text[..equals], text[(equals + 1)..]);
    }

    private void Add(string field)
    {
        var equals = field.IndexOf('=', StringComparison.Ordinal);
        var key = (equals < 0 ? field : field[..equals]).ToLowerInvariant();
        if (equals < 0 && key is not ("readonly" or "ro" or "volume-nocopy" or "bind-nonrecursive" or "bind-create-src"))
        {
            throw new ValueException($"invalid field '{field}' must be a key=value pair");
        }

        var value = equals < 0 ? "true" : field[(equals + 1)..];
        switch (key)
        {
            case "type":
                _mount.Type = value.ToLowerInvariant();
                break;
            case "source" or "src":
                _mount.Source = value is "." or ".." or ['.', '/', ..] or ['.', '.', '/', ..] ? Path.GetFullPath(value) : value;
                break;
            case "target" or "dst" or "destination":
                _mount.Target = value;
                break;
            case "readonly" or "ro":
                _mount = _mount with { ReadOnly = Truth(key, value) };
                break;
            case "consistency":
                _mount = _mount with { Consistency = value.ToLowerInvariant() };
                break;
            case ['b', 'i', 'n', 'd', '-', ..]:
                AddBind(key, value);
                break;
            case ['v', 'o', 'l', 'u', 'm', 'e', '-', ..]:
                AddVolume(key, value);
                break;
            case "tmpfs-size":
                _tmpfs = (_tmpfs ?? new()) with { SizeBytes = ByteSize.Parse(value) };
                break;
            case "tmpfs-mode":
                _tmpfs = (_tmpfs ?? new()) with { Mode = Mode(value) };
                break;
            default:
                throw Unexpected(key);
        }
    }

    private void AddBind(string key, string value)
    {
        var bind = _bind ?? new();
        _bind = (key, value) switch
        {
            ("bind-propagation", "private" or "rprivate" or "shared" or "rshared" or "slave" or "rslave") => bind with { Propagation = value },
            ("bind-propagation", _) => throw new ValueException($"invalid propagation mode: {value}"),
            ("bind-nonrecursive", _) => bind with { NonRecursive = Truth(key, value) },
            ("bind-create-src", _) => bind with { CreateMountpoint = Truth(key, value) },
            ("bind-recursive", "enabled") => bind,
            ("bind-recursive", "disabled") => bind with { NonRecursive = true },
            ("bind-recursive", "writable") => bind with { ReadOnlyNonRecursive = true },
            ("bind-recursive", "readonly") => bind with { ReadOnlyForceRecursive = true },
            ("bind-recursive", _) => throw new ValueException(
                $"invalid value for {key}: {value} (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")"),
            _ => throw Unexpected(key),
        };
    }

    private void AddVolume(string key, string value)
    {
        _volume ??= new();
        var (name, setting) = Pair(value);
        switch (key)
        {
            case "volume-nocopy":
                _volume = _volume with { NoCopy = Truth(key, value) };
                break;
            case "volume-subpath":
                _volume.Subpath = value;
                break;
            case "volume-label":
                _labels[name] = setting;
                break;
            case "volume-driver":
                _driver = value;
                break;
            case "volume-opt":
                _driverOptions[name] = setting;
                break;
            default:
                throw Unexpected(key);
        }
    }

    private MountRequest Finish()
    {
        Require(_mount.Type.Length > 0, "type is required");
        Require(_mount.Target.Length > 0, "target is required");
        Require(_volume is null || _mount.Type == "volume", $"cannot mix 'volume-*' options with mount type '{_mount.Type}'");
        Require(_bind is null || _mount.Type == "bind", $"cannot mix 'bind-*' options with mount type '{_mount.Type}'");
        Require(_tmpfs is null || _mount.Type == "tmpfs", $"cannot mix 'tmpfs-*' options with mount type '{_mount.Type}'");
        Require(_bind is not { ReadOnlyNonRecursive: true } || _mount.ReadOnly, "option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction");
        Require(_bind is not { ReadOnlyForceRecursive: true } || _mount.ReadOnly, "option 'bind-recursive=readonly' requires 'readonly' to be specified in conjunction");
        Require(
            _bind is not { ReadOnlyForceRecursive: true } || _bind.Propagation == "rprivate",
            "option 'bind-recursive=readonly' requires 'bind-propagation=rprivate' to be specified in conjunction");
        var driver = _driver.Length > 0 || _driverOptions.Count > 0
            ? new VolumeDriverConfig { Name = _driver, Options = _driverOptions.Count > 0 ? _driverOptions : null }
            : null;
        return _mount with
        {
            BindOptions = _bind,
            VolumeOptions = _volume is null ? null : _volume with { Labels = _labels.Count > 0 ? _labels : null, DriverConfig = driver },
            TmpfsOptions = _tmpfs,
        };
    }

    private static void Require(bool valid, string complaint)
    {
        if (!valid)
        {
            throw new ValueException(complaint);
        }
    }

    private static int Mode(string value)
    {
        var mode = 0;
        foreach (var digit in value)
        {
            mode = digit is >= '0' and <= '7' && mode < 0x200 ? (mode * 8) + (digit - '0') : throw new ValueException($"invalid value for tmpfs-mode: {value}");
        }

        return mode;
    }

    private ValueException Unexpected(string key) => new($"unexpected key '{key}' in '{_text}'");
}
