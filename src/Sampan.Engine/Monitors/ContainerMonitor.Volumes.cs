using Sampan.Engine.Containers;

namespace Sampan.Engine.Monitors;

/// <summary>What is told of volumes that come and go while the container runs.</summary>
internal sealed partial class ContainerMonitor
{
    private void TellOfVolumes(ContainerRecord before)
    {
        if (Restarting)
        {
            return;
        }

        foreach (var mount in before.Mounts)
        {
            if (mount.Name is { } volume && !_container.Record.Mounts.Contains(mount))
            {
                _container.Journal.Write("volume", "unmount", volume, Attributes(mount));
            }
        }

        foreach (var mount in _container.Record.Mounts)
        {
            if (mount.Name is { } volume && !before.Mounts.Contains(mount))
            {
                var attributes = Attributes(mount);
                attributes["destination"] = mount.Destination;
                attributes["propagation"] = mount.Propagation;
                attributes["read/write"] = mount.RW ? "true" : "false";
                _container.Journal.Write("volume", "mount", volume, attributes);
            }
        }
    }

    private Dictionary<string, string> Attributes(MountPoint mount) => new(StringComparer.Ordinal)
    {
        ["container"] = _container.Id,
        ["driver"] = mount.Driver ?? "local",
    };
}
