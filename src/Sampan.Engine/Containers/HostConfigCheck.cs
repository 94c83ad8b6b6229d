using Sampan.Engine.Specs;
using Sampan.Engine.Users;
using Sampan.Linux;

namespace Sampan.Engine.Containers;

/// <summary>Refuses what can be seen to make no sense before anything is made, in docker's words.</summary>
internal static class HostConfigCheck
{
    private const long LeastMemory = 6 << 20;

    /// <exception cref="SampanException">InvalidArgument.</exception>
    public static void Check(HostConfig host)
    {
        Refuse(host.Memory is not 0 and < LeastMemory, "Minimum memory limit allowed is 6MB");
        Refuse(host.MemoryReservation is not 0 and < LeastMemory, "Minimum memory reservation allowed is 6MB");
        Refuse(
            host.Memory > 0 && host.MemoryReservation > host.Memory,
            "Minimum memory limit can not be less than memory reservation limit, see usage");
        Refuse(host.Memory > 0 && host.MemorySwap > 0 && host.MemorySwap < host.Memory, "Minimum memoryswap limit should be larger than memory limit, see usage");
        Refuse(host.Memory == 0 && host.MemorySwap > 0, "You should always set the Memory limit when using Memoryswap limit, see usage");
        Refuse(host.NanoCpus > 0 && (host.CpuPeriod > 0 || host.CpuQuota > 0), "Conflicting options: Nano CPUs and CPU Period or Quota cannot both be set.");
        Refuse(host.NanoCpus < 0, "NanoCPUs must not be negative: give --cpus as a positive number");
        Refuse(host.CpuPeriod is not 0 and (< 1000 or > 1_000_000), "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
        Refuse(host.CpuQuota is > 0 and < 1000, "CPU cfs quota can not be less than 1ms (i.e. 1000)");
        Refuse(host.MemorySwappiness is < 0 or > 100, $"Invalid value: {host.MemorySwappiness}, valid memory swappiness range is 0-100");
        Refuse(
            host is { CpuRealtimePeriod: not 0, CpuRealtimeRuntime: not 0 } && host.CpuRealtimeRuntime > host.CpuRealtimePeriod,
            "cpu real-time runtime cannot be higher than cpu real-time period");
        Refuse(host.Isolation is not ("" or "default"), $"Invalid isolation: \"{host.Isolation}\" - linux only supports 'default'");
        Refuse(host.Runtime is not ("" or "sampan"), $"unknown or invalid runtime name: {host.Runtime}: sampan starts containers itself and has no other runtime");
        Refuse(host.OomScoreAdj is < -1000 or > 1000, $"Invalid value {host.OomScoreAdj}, range for oom score adj is [-1000, 1000]");
        Refuse(host.ShmSize < 0, "SHM size can not be less than 0");
        Refuse(host.AutoRemove && host.RestartPolicy.Name is not ("" or "no"), "can't create 'AutoRemove' container with restart policy");
        CheckNetwork(host);
        CheckUserNamespace(host);
        CheckRestartPolicy(host.RestartPolicy);
        Refuse(host.BlkioWeight is not 0 and (< 10 or > 1000), "Range of blkio weight is from 10 to 1000");
        Logs.LogDriverOptions.Check(host.LogConfig);
    }

    /// <summary>What another container's network leaves no room for.</summary>
    /// <param name="config">What runs.</param>
    /// <param name="host">What the host gives.</param>
    /// <exception cref="SampanException">InvalidArgument.</exception>
    public static void CheckExposed(ContainerConfig config, HostConfig host) => Refuse(
        config.ExposedPorts is { Count: > 0 } && NamespaceSpecs.JoinedContainer(host.NetworkMode) is not null,
        "conflicting options: port exposing and the container type network mode");

    private static void CheckNetwork(HostConfig host)
    {
        const string noLinks = "can't be used with links. This would result in undefined behavior";
        var joins = NamespaceSpecs.JoinedContainer(host.NetworkMode) is not null;
        Refuse(joins && host.Links is not null, "conflicting options: container type network " + noLinks);
        Refuse(host.NetworkMode == "host" && host.Links is not null, "conflicting options: host type networking " + noLinks);
        Refuse(host.NetworkMode == "none" && host.Links is not null, "conflicting options: nothing can be linked to a container without a network: give --network bridge");
        Refuse(joins && host.Dns is not null, "conflicting options: dns and the network mode");
        Refuse(joins && host.ExtraHosts is not null, "conflicting options: custom host-to-IP mapping and the network mode");
    }

    private static void CheckUserNamespace(HostConfig host)
    {
        if (UsernsMode.TryParse(host.UsernsMode)?.IsHost == true)
        {
            return;
        }

        Refuse(
            host.Privileged,
            "privileged mode is incompatible with user namespaces.  You must run the container in the host namespace when running privileged mode");
        Refuse(host.NetworkMode == "host", "cannot share the host's network namespace when user namespaces are enabled");
        Refuse(host.PidMode == "host", "cannot share the host PID namespace when user namespaces are enabled");
    }

    private static void CheckRestartPolicy(RestartPolicy policy)
    {
        var retries = policy.MaximumRetryCount;
        switch (policy.Name)
        {
            case "no" or "always" or "unless-stopped":
                Refuse(retries > 0, "invalid restart policy: maximum retry count can only be used with 'on-failure'");
                Refuse(retries < 0, "invalid restart policy: maximum retry count can only be used with 'on-failure' and cannot be negative");
                break;
            case "on-failure":
                Refuse(retries < 0, "invalid restart policy: maximum retry count cannot be negative");
                break;
            case "":
                break;
            default:
                throw SampanException.InvalidArgument(
                    $"invalid restart policy: unknown policy '{policy.Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
        }
    }

    private static void Refuse(bool condition, string message)
    {
        if (condition)
        {
            throw SampanException.InvalidArgument(message);
        }
    }
}
