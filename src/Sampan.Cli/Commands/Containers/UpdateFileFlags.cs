using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of update that change what files and devices a container has. Docker has none like them.</summary>
internal sealed class UpdateFileFlags
{
    private readonly List<MountRequest> _mounts = [];
    private readonly List<DeviceMapping> _devices = [];
    private readonly List<string> _deviceNames = [];
    private readonly ListFlag _removedMounts;
    private readonly ListFlag _removedDevices;
    private readonly Switch _lazy;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public UpdateFileFlags(FlagSet flags)
    {
        flags.List("device-add", '\0', "Add a host device to the container, running or not", "list", AddDevice);
        _removedDevices = flags.List("device-rm", '\0', "Remove a device by its path in the container");
        _lazy = flags.Switch("lazy", '\0', "With --mount-rm: remove mounts that are in use from under their users");
        flags.List("mount-add", '\0', "Attach a filesystem mount to the container, running or not", "mount", AddMount);
        _removedMounts = flags.List("mount-rm", '\0', "Remove a mount by its path in the container");
    }

    /// <summary>Adds what they say.</summary>
    /// <param name="request">What is asked for so far.</param>
    /// <returns>The same with this.</returns>
    /// <exception cref="SampanException">InvalidArgument: --lazy alone.</exception>
    public UpdateRequest Apply(UpdateRequest request)
    {
        if (_lazy.Value && _removedMounts.ValuesOrNull is null)
        {
            throw SampanException.InvalidArgument("--lazy says how mounts are removed: give --mount-rm");
        }

        return request with
        {
            MountAdd = _mounts.Count > 0 ? _mounts : null,
            MountRemove = _removedMounts.ValuesOrNull,
            Lazy = _lazy.Value,
            DeviceAdd = _devices.Count > 0 ? _devices : null,
            DeviceNames = _deviceNames.Count > 0 ? _deviceNames : null,
            DeviceRemove = _removedDevices.ValuesOrNull,
        };
    }

    private string AddMount(string text)
    {
        _mounts.Add(MountArgument.Parse(text));
        return text;
    }

    private string AddDevice(string text)
    {
        if (!text.StartsWith('/') && DeviceArgument.IsCdiName(text))
        {
            _deviceNames.Add(text);
        }
        else
        {
            _devices.Add(DeviceArgument.Parse(text));
        }

        return text;
    }
}
