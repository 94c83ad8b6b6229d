using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Containers;

public sealed class HostConfigCheckTests
{
    public static TheoryData<HostConfig> Senseless =>
    [
        new HostConfig { Memory = 1 << 20 },
        new HostConfig { Memory = 64 << 20, MemorySwap = 32 << 20 },
        new HostConfig { MemorySwap = 32 << 20 },
        new HostConfig { NanoCpus = 1_000_000_000, CpuQuota = 5000 },
        new HostConfig { OomScoreAdj = 1001 },
        new HostConfig { AutoRemove = true, RestartPolicy = new RestartPolicy { Name = "always" } },
        new HostConfig { LogConfig = new LogConfig { Type = "fluentd" } },
    ];

    [Theory]
    [MemberData(nameof(Senseless))]
    public void What_makes_no_sense_is_refused(HostConfig host) =>
        Should.Throw<SampanException>(() => HostConfigCheck.Check(host)).Kind.ShouldBe(ErrorKind.InvalidArgument);

    [Fact]
    public void The_defaults_make_sense() => Should.NotThrow(() => HostConfigCheck.Check(new HostConfig()));
}
