using Sampan.Engine;
using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Images;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Containers;

/// <summary>The filters of ps.</summary>
internal sealed class ContainerFilter
{
    private readonly Filters _filters;
    private readonly DateTimeOffset? _before;
    private readonly DateTimeOffset? _since;
    private readonly IReadOnlyList<PortRange> _exposed;
    private readonly ImageStore _images;
    private readonly NetworkStore _networks;
    private readonly IReadOnlyList<PortRange> _published;

    /// <summary>Checks the filters.</summary>
    /// <param name="filters">As given.</param>
    /// <param name="engine">Where the containers are that before and since name.</param>
    /// <exception cref="SampanException">A filter or value that does not exist, or a container that does not.</exception>
    public ContainerFilter(Filters filters, ContainerEngine engine)
    {
        filters.Require("id", "name", "label", "status", "ancestor", "exited", "before", "since", "volume", "network", "publish", "expose", "health", "is-task");
        foreach (var status in filters.Values("status"))
        {
            if (status is not ("created" or "restarting" or "running" or "removing" or "paused" or "exited" or "dead"))
            {
                throw SampanException.InvalidArgument($"invalid filter 'status={status}'");
            }
        }

        foreach (var code in filters.Values("exited"))
        {
            if (!int.TryParse(code, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out _))
            {
                throw SampanException.InvalidArgument($"strconv.Atoi: parsing \"{code}\": invalid syntax");
            }
        }

        foreach (var health in filters.Values("health"))
        {
            if (health is not ("starting" or "healthy" or "unhealthy" or "none"))
            {
                throw SampanException.InvalidArgument($"invalid filter 'health={health}'");
            }
        }

        foreach (var task in filters.Values("is-task"))
        {
            Filters.IsYes(task);
        }

        _filters = filters;
        _images = engine.Images;
        _networks = engine.Networks;
        _published = PortRange.Parse(filters.Values("publish"));
        _exposed = PortRange.Parse(filters.Values("expose"));
        foreach (var name in filters.Values("before"))
        {
            _before = engine.Containers.Find(name).Created;
        }

        foreach (var name in filters.Values("since"))
        {
            _since = engine.Containers.Find(name).Created;
        }
    }

    /// <summary>A state is asked for: containers that do not run count too.</summary>
    public bool WantsAllStates => _filters.Has("status") || _filters.Has("exited");

    /// <summary>Whether all filters hold.</summary>
    /// <param name="row">A container.</param>
    /// <returns>True when they do.</returns>
    public bool Matches(ContainerRow row)
    {
        var container = row.Container;
        return (_before is null || container.Created < _before)
            && (_since is null || container.Created > _since)
            && _filters.Any("id", value => container.Id.StartsWith(value, StringComparison.Ordinal) || Filters.MatchText(container.Id, value))
            && _filters.Any("name", value => Filters.MatchText(container.Name, value))
            && _filters.Any("status", value => row.State.StatusName == value)
            && _filters.Any("exited", value => row.State.Status == ContainerStatus.Exited && row.State.ExitCode.ToString(System.Globalization.CultureInfo.InvariantCulture) == value.TrimStart('+'))
            && _filters.Any("ancestor", value => IsAncestor(container, value))
            && _filters.Any("volume", value => Mounts(container, value))
            && _filters.Any("network", value => IsOn(container, value))
            && _filters.Any("health", value => row.Health == value)

            // Tasks are swarm's.
            && _filters.Any("is-task", static value => !Filters.IsYes(value))

            && (_published.Count == 0 || Publishes(row))
            && (_exposed.Count == 0 || Exposes(container))
            && _filters.MatchLabels(container.Config.Labels);
    }

    // By name or by id, as docker has it.
    private bool IsOn(Container container, string network)
    {
        var name = _networks.TryFind(network)?.Name ?? network;
        return container.Networks.Contains(name, StringComparer.Ordinal);
    }

    private static bool IsAncestor(Container container, string image)
    {
        var digits = container.ImageId.StartsWith("sha256:", StringComparison.Ordinal) ? container.ImageId[7..] : container.ImageId;
        return container.Config.Image == image
            || container.Config.Image == image + ":latest"
            || container.Config.Image + ":latest" == image
            || container.ImageId == image
            || (image.Length >= 4 && digits.StartsWith(image, StringComparison.Ordinal));
    }

    private bool Publishes(ContainerRow row)
    {
        foreach (var port in (row.State.Running ? row.Container.Network?.Ports : null) ?? [])
        {
            foreach (var range in _published)
            {
                if (range.Contains(port.Key))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool Exposes(Container container)
    {
        if (container.ImageId.Length == 0 || _images.TryFind(container.ImageId)?.Config.Config?.ExposedPorts is not { } ports)
        {
            return false;
        }

        foreach (var port in ports.Keys)
        {
            foreach (var range in _exposed)
            {
                if (range.Contains(port))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Mounts(Container container, string volume)
    {
        foreach (var mount in container.Mounts)
        {
            if (mount.Destination == volume || (mount.Name ?? mount.Source) == volume)
            {
                return true;
            }
        }

        return false;
    }
}
