using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Containers;

public sealed class ContainerUpdateTests
{
    private const long Mega = 1 << 20;

    [Fact]
    public void What_is_not_said_stays()
    {
        var host = new HostConfig { Memory = 64 * Mega, CpuShares = 5, PidsLimit = 7, CpusetCpus = "0" };
        ContainerUpdate.Merge(new ContainerRecord { HostConfig = host }, new UpdateRequest()).ShouldBe(host);
        var merged = Merge(host, new UpdateRequest { CpuShares = 9, PidsLimit = -1 });
        merged.CpuShares.ShouldBe(9);
        merged.PidsLimit.ShouldBe(-1);
        merged.Memory.ShouldBe(64 * Mega);
    }

    [Fact]
    public void Memory_and_swap_stay_what_they_came_to()
    {
        Merge(new HostConfig { Memory = 64 * Mega }, new UpdateRequest { Memory = 100 * Mega }).MemorySwap.ShouldBe(128 * Mega);
        Merge(new HostConfig(), new UpdateRequest { Memory = 100 * Mega }).MemorySwap.ShouldBe(0);
        Merge(new HostConfig { Memory = 64 * Mega, MemorySwap = -1 }, new UpdateRequest { Memory = 500 * Mega }).MemorySwap.ShouldBe(-1);
        Refused(new HostConfig { Memory = 64 * Mega }, new UpdateRequest { Memory = 129 * Mega }).ShouldStartWith("Memory limit should be smaller than already set memoryswap limit");
        Refused(new HostConfig { Memory = 64 * Mega }, new UpdateRequest { MemorySwap = 32 * Mega }).ShouldStartWith("Minimum memoryswap limit should be larger");
    }

    [Fact]
    public void Nano_cpus_and_quota_exclude_each_other()
    {
        Refused(new HostConfig { CpuPeriod = 5000 }, new UpdateRequest { NanoCpus = 1 }).ShouldBe("Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set");
        Refused(new HostConfig { CpuQuota = 5000 }, new UpdateRequest { NanoCpus = 1 }).ShouldBe("Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set");
        Refused(new HostConfig { NanoCpus = 1 }, new UpdateRequest { CpuPeriod = 5000 }).ShouldBe("Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set");
        Refused(new HostConfig { NanoCpus = 1 }, new UpdateRequest { CpuQuota = 5000 }).ShouldBe("Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set");
    }

    [Fact]
    public void A_policy_replaces_the_policy_and_not_that_of_rm()
    {
        var policy = new RestartPolicy { Name = "on-failure", MaximumRetryCount = 3 };
        Merge(new HostConfig(), new UpdateRequest { RestartPolicy = policy }).RestartPolicy.ShouldBe(policy);
        Refused(new HostConfig { AutoRemove = true }, new UpdateRequest { RestartPolicy = policy }).ShouldStartWith("Restart policy cannot be updated because AutoRemove is enabled");
        Refused(new HostConfig(), new UpdateRequest { RestartPolicy = new RestartPolicy { Name = "often" } }).ShouldStartWith("invalid restart policy: unknown policy 'often'");
    }

    private static HostConfig Merge(HostConfig host, UpdateRequest change) => ContainerUpdate.Merge(new ContainerRecord { HostConfig = host }, change);

    private static string Refused(HostConfig host, UpdateRequest change) => Should.Throw<SampanException>(() => Merge(host, change)).Message;
}
