using Sampan.Engine.Devices;
using Sampan.Engine.Specs;
using Sampan.Linux;

namespace Sampan.Engine.Containers;

/// <summary>Devices a container gets and loses after it was made.</summary>
internal static class DeviceUpdate
{
    /// <summary>Changes the record.</summary>
    /// <param name="record">The container.</param>
    /// <param name="change">What is asked for; what is removed is removed first.</param>
    /// <returns>The container as it is to be.</returns>
    /// <exception cref="SampanException">NotFound: no such device. InvalidArgument: the container has it, or the host has none there.</exception>
    public static ContainerRecord Apply(ContainerRecord record, UpdateRequest change)
    {
        if (change is { DeviceAdd: null, DeviceNames: null, DeviceRemove: null })
        {
            return record;
        }

        List<DeviceMapping> devices = [.. record.HostConfig.Devices ?? []];
        List<DeviceRequest> named = [.. record.HostConfig.DeviceRequests ?? []];
        foreach (var path in change.DeviceRemove ?? [])
        {
            if (devices.RemoveAll(device => device.PathInContainer == path) == 0 && !RemoveNamed(named, path))
            {
                throw SampanException.NotFound($"No such device in the container: {path}: only what --device gave can be removed");
            }
        }

        foreach (var device in change.DeviceAdd ?? [])
        {
            if (devices.Exists(other => other.PathInContainer == device.PathInContainer))
            {
                throw SampanException.InvalidArgument($"Duplicate device: {device.PathInContainer}: remove it first, or give it another path (host:container)");
            }

            devices.Add(device);
        }

        foreach (var name in change.DeviceNames ?? [])
        {
            named.Add(new DeviceRequest { DeviceIDs = [name] });
        }

        var host = record.HostConfig with { Devices = devices.Count > 0 ? devices : null, DeviceRequests = named.Count > 0 ? named : null };
        _ = DeviceSpecs.Of(host);
        if (host.DeviceRequests is not null)
        {
            _ = CdiRegistry.OfHost.Resolve(CdiInjection.NamesOf(host));
        }

        return record with { HostConfig = host };
    }

    private static bool RemoveNamed(List<DeviceRequest> requests, string name)
    {
        var found = false;
        for (var index = requests.Count - 1; index >= 0; index--)
        {
            List<string> names = [.. requests[index].DeviceIDs];
            if (!names.Remove(name))
            {
                continue;
            }

            found = true;
            if (names.Count == 0)
            {
                requests.RemoveAt(index);
            }
            else
            {
                requests[index] = requests[index] with { DeviceIDs = names };
            }
        }

        return found;
    }
}
