using Sampan.Cli.Values;
using Sampan.Engine.Containers;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The flags of run and create that bring further files and devices in.</summary>
internal sealed class MountFlags
{
    private readonly List<MountRequest> _mounts = [];
    private readonly ListFlag _deviceRule;
    private readonly ValueFlag<string> _volumeDriver;
    private readonly ListFlag _volumesFrom;

    /// <summary>Declares the flags.</summary>
    /// <param name="flags">Where.</param>
    public MountFlags(FlagSet flags)
    {
        _deviceRule = flags.List("device-cgroup-rule", '\0', "Add a rule to the cgroup allowed devices list", check: DeviceRuleArgument.Check);
        flags.List("mount", '\0', "Attach a filesystem mount to the container", "mount", AddMount);
        _volumeDriver = flags.Text("volume-driver", '\0', "Optional volume driver for the container");
        _volumesFrom = flags.List("volumes-from", '\0', "Mount volumes from the specified container(s)");
    }

    /// <summary>Adds what they say.</summary>
    /// <param name="host">What the host gives so far.</param>
    /// <returns>The same with this.</returns>
    public HostConfig Apply(HostConfig host) => host with
    {
        DeviceCgroupRules = _deviceRule.ValuesOrNull,
        Mounts = _mounts.Count > 0 ? _mounts : null,
        VolumeDriver = _volumeDriver.Value,
        VolumesFrom = _volumesFrom.ValuesOrNull,
    };

    private string AddMount(string text)
    {
        _mounts.Add(MountArgument.Parse(text));
        return text;
    }
}
