using Sampan.Engine.Containers;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Specs;

/// <summary>Limits of block I/O: docker names devices by path, the kernel by number.</summary>
internal static class BlockSpecs
{
    /// <summary>Translates limits.</summary>
    /// <param name="config">Docker's.</param>
    /// <returns>OCI's; null when there are none.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a path that is no block device.</exception>
    public static RuntimeBlockIo? Of(HostConfig config)
    {
        var block = new RuntimeBlockIo
        {
            Weight = config.BlkioWeight == 0 ? null : config.BlkioWeight,
            WeightDevice = Weights(config.BlkioWeightDevice),
            ThrottleReadBpsDevice = Throttles(config.BlkioDeviceReadBps),
            ThrottleWriteBpsDevice = Throttles(config.BlkioDeviceWriteBps),
            ThrottleReadIOPSDevice = Throttles(config.BlkioDeviceReadIOps),
            ThrottleWriteIOPSDevice = Throttles(config.BlkioDeviceWriteIOps),
        };
        return block == new RuntimeBlockIo() ? null : block;
    }

    private static RuntimeWeightDevice[]? Weights(IReadOnlyList<WeightDevice>? devices)
    {
        if (devices is not { Count: > 0 })
        {
            return null;
        }

        var weights = new RuntimeWeightDevice[devices.Count];
        for (var index = 0; index < weights.Length; index++)
        {
            var (major, minor) = Number(devices[index].Path);
            weights[index] = new() { Major = major, Minor = minor, Weight = devices[index].Weight };
        }

        return weights;
    }

    private static RuntimeThrottleDevice[]? Throttles(IReadOnlyList<ThrottleDevice>? devices)
    {
        if (devices is not { Count: > 0 })
        {
            return null;
        }

        var throttles = new RuntimeThrottleDevice[devices.Count];
        for (var index = 0; index < throttles.Length; index++)
        {
            var (major, minor) = Number(devices[index].Path);
            throttles[index] = new() { Major = major, Minor = minor, Rate = devices[index].Rate };
        }

        return throttles;
    }

    private static (long Major, long Minor) Number(string path)
    {
        // Follows links, as /dev/disk/by-id and its like are links.
        using var node = FileDescriptor.TryOpen(path, OpenFlags.Path) ?? throw SampanException.InvalidArgument($"stat {path}: no such file or directory");
        var status = node.Status();
        return status.Type == FileType.BlockDevice
            ? (status.DeviceMajor, status.DeviceMinor)
            : throw SampanException.InvalidArgument($"{path} is not a block device: its I/O cannot be limited");
    }
}
