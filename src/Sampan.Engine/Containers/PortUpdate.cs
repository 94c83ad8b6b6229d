using Sampan.Engine.Networks;
using Sampan.Linux;

namespace Sampan.Engine.Containers;

/// <summary>Lays what update asks for of ports over what a container has. Docker has nothing like it.</summary>
internal static class PortUpdate
{
    /// <summary>Does it.</summary>
    /// <param name="record">The container.</param>
    /// <param name="change">What is asked for.</param>
    /// <returns>The container as it is to be.</returns>
    /// <exception cref="SampanException">NotFound: such a port is not published. Conflict: it is already. InvalidArgument: nothing can be published of it.</exception>
    public static ContainerRecord Apply(ContainerRecord record, UpdateRequest change)
    {
        RequireNetwork(record);
        var host = record.HostConfig;
        var ports = new Dictionary<string, List<PortBinding>>(StringComparer.Ordinal);
        foreach (var (key, bindings) in host.PortBindings ?? new Dictionary<string, IReadOnlyList<PortBinding>>(StringComparer.Ordinal))
        {
            ports[key] = [.. bindings];
        }

        if (change.PublishRemove is not null && host.PublishAllPorts)
        {
            // From now on they are named one by one: all but one is no longer all.
            foreach (var key in record.Config.ExposedPorts?.Keys ?? [])
            {
                ports.TryAdd(key, [new()]);
            }

            host = host with { PublishAllPorts = false };
        }

        Remove(record, change, ports);
        Add(record, change, ports);
        var after = new Dictionary<string, IReadOnlyList<PortBinding>>(StringComparer.Ordinal);
        foreach (var (key, bindings) in ports)
        {
            if (bindings.Count > 0)
            {
                after[key] = bindings;
            }
        }

        return record with { HostConfig = host with { PortBindings = after.Count == 0 ? null : after } };
    }

    /// <summary>Whether an open port is among those that were named.</summary>
    /// <param name="named">By port (80/tcp).</param>
    /// <param name="port">The port.</param>
    public static bool Names(IReadOnlyDictionary<string, IReadOnlyList<PortBinding>>? named, OpenPort port)
    {
        foreach (var name in named?.GetValueOrDefault(port.Key) ?? [])
        {
            if (Meets(name, port))
            {
                return true;
            }
        }

        return false;
    }

    private static void RequireNetwork(ContainerRecord record)
    {
        if (record.Endpoints is { Count: > 0 })
        {
            return;
        }

        throw SampanException.InvalidArgument(record.HostConfig.NetworkMode switch
        {
            "host" => "on the host's network ports are the host's already",
            var mode when mode.StartsWith("container:", StringComparison.Ordinal) => "conflicting options: port publishing and the container type network mode",
            _ => "nothing can be published of a container without a network",
        });
    }

    private static void Remove(ContainerRecord record, UpdateRequest change, Dictionary<string, List<PortBinding>> ports)
    {
        foreach (var (key, names) in change.PublishRemove ?? new Dictionary<string, IReadOnlyList<PortBinding>>(StringComparer.Ordinal))
        {
            foreach (var name in names)
            {
                if (!ports.TryGetValue(key, out var bindings) || !TryRemove(key, bindings, name, change.OpenPorts ?? []))
                {
                    throw SampanException.NotFound($"container {record.Name} does not publish {Describe(key, name)}");
                }
            }
        }
    }

    private static bool TryRemove(string key, List<PortBinding> bindings, PortBinding name, IReadOnlyList<OpenPort> open)
    {
        if (bindings.RemoveAll(binding => (name.HostIp.Length == 0 || name.HostIp == binding.HostIp) && (name.HostPort.Length == 0 || name.HostPort == binding.HostPort)) > 0)
        {
            return true;
        }

        // By the number that the kernel chose, or that was the first of a range to be free.
        foreach (var port in open)
        {
            if (port.Key == key && Meets(name, port) && bindings.FindIndex(binding => binding.HostIp == port.AskedIp && binding.HostPort == port.AskedPort) is var index and >= 0)
            {
                bindings.RemoveAt(index);
                return true;
            }
        }

        return false;
    }

    private static bool Meets(PortBinding name, OpenPort port) =>
        (name.HostIp.Length == 0 || name.HostIp == port.AskedIp || name.HostIp == port.HostIp)
        && (name.HostPort.Length == 0 || name.HostPort == port.HostPort.ToString(System.Globalization.CultureInfo.InvariantCulture) || name.HostPort == port.AskedPort);

    private static void Add(ContainerRecord record, UpdateRequest change, Dictionary<string, List<PortBinding>> ports)
    {
        foreach (var (key, bindings) in change.PublishAdd ?? new Dictionary<string, IReadOnlyList<PortBinding>>(StringComparer.Ordinal))
        {
            var there = ports.GetValueOrDefault(key) ?? [];
            foreach (var binding in bindings)
            {
                if (binding.HostPort.Length > 0 && there.Contains(binding))
                {
                    throw SampanException.Conflict($"container {record.Name} publishes {Describe(key, binding)} already");
                }

                there.Add(binding);
            }

            ports[key] = there;
        }
    }

    // As it is given on the command line.
    private static string Describe(string key, PortBinding binding)
    {
        var address = binding.HostIp.Contains(':', StringComparison.Ordinal) ? $"[{binding.HostIp}]" : binding.HostIp;
        return (address.Length, binding.HostPort.Length) switch
        {
            (0, 0) => key,
            (0, _) => $"{binding.HostPort}:{key}",
            _ => $"{address}:{binding.HostPort}:{key}",
        };
    }
}
