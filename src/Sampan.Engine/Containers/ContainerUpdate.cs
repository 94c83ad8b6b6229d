using Sampan.Linux;

namespace Sampan.Engine.Containers;

/// <summary>Lays what update asks for over what a container has, by docker's rules (moby, container/container_unix.go, UpdateContainer).</summary>
internal static class ContainerUpdate
{
    /// <summary>Does it.</summary>
    /// <param name="record">The container.</param>
    /// <param name="change">What is asked for.</param>
    /// <returns>The container as it is to be.</returns>
    /// <exception cref="SampanException">InvalidArgument, NotFound or Conflict, in docker's words.</exception>
    public static ContainerRecord Apply(ContainerRecord record, UpdateRequest change)
    {
        record = record with { HostConfig = Merge(record, change) };
        record = change.ChangesPorts ? PortUpdate.Apply(record, change) : record;
        return change.ChangesFiles ? DeviceUpdate.Apply(MountUpdate.Apply(record, change), change) : record;
    }

    /// <summary>The limits and the restart policy.</summary>
    /// <param name="record">The container.</param>
    /// <param name="change">What is asked for.</param>
    /// <returns>What the container is to have.</returns>
    /// <exception cref="SampanException">InvalidArgument or Conflict, in docker's words.</exception>
    public static HostConfig Merge(ContainerRecord record, UpdateRequest change)
    {
        var host = record.HostConfig;
        Refuse(change.NanoCpus > 0 && host.CpuPeriod > 0, "Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set");
        Refuse(change.NanoCpus > 0 && host.CpuQuota > 0, "Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set");
        Refuse(change.CpuPeriod > 0 && host.NanoCpus > 0, "Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set");
        Refuse(change.CpuQuota > 0 && host.NanoCpus > 0, "Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set");
        var swap = SwapOf(host);
        Refuse(
            change.Memory > 0 && change.MemorySwap == 0 && swap > 0 && change.Memory > swap,
            "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time");
        Refuse(
            host.AutoRemove && change.RestartPolicy is { Name: not ("" or "no") },
            "Restart policy cannot be updated because AutoRemove is enabled for the container");
        var merged = host with
        {
            BlkioWeight = change.BlkioWeight != 0 ? change.BlkioWeight : host.BlkioWeight,
            CpuShares = Given(change.CpuShares, host.CpuShares),
            NanoCpus = Given(change.NanoCpus, host.NanoCpus),
            CpuPeriod = Given(change.CpuPeriod, host.CpuPeriod),
            CpuQuota = Given(change.CpuQuota, host.CpuQuota),
            CpuRealtimePeriod = Given(change.CpuRealtimePeriod, host.CpuRealtimePeriod),
            CpuRealtimeRuntime = Given(change.CpuRealtimeRuntime, host.CpuRealtimeRuntime),
            CpusetCpus = change.CpusetCpus.Length > 0 ? change.CpusetCpus : host.CpusetCpus,
            CpusetMems = change.CpusetMems.Length > 0 ? change.CpusetMems : host.CpusetMems,
            Memory = Given(change.Memory, host.Memory),
            MemoryReservation = Given(change.MemoryReservation, host.MemoryReservation),

            // What memory and swap come to together is said once it is not the double of the memory any more.
            MemorySwap = change.MemorySwap != 0 ? change.MemorySwap : change.Memory != 0 && swap != 0 ? swap : host.MemorySwap,
            PidsLimit = change.PidsLimit ?? host.PidsLimit,
            RestartPolicy = change.RestartPolicy is { Name.Length: > 0 } policy ? policy : host.RestartPolicy,
        };
        HostConfigCheck.Check(merged);
        return merged;
    }

    /// <summary>Memory and swap together: twice the memory where nothing else was said; 0 is none.</summary>
    private static long SwapOf(HostConfig host) => host.MemorySwap != 0 ? host.MemorySwap : host.Memory * 2;

    private static long Given(long value, long otherwise) => value != 0 ? value : otherwise;

    private static void Refuse(bool condition, string message)
    {
        if (condition)
        {
            throw SampanException.InvalidArgument(message);
        }
    }
}
