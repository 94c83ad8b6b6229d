using System.Diagnostics;
using Sampan.Cli.Commands.Containers;
using Sampan.Cli.Commands.Containers.Stats;
using Sampan.Engine.Statistics;
using Sampan.Linux;

namespace Sampan.Cli.Tests.Commands.Containers;

public sealed class StatsTests
{
    [Fact]
    public void Shares_are_those_of_the_time_between_two_samples()
    {
        var before = new ContainerSample { Timestamp = 0, Cpu = 1_000_000_000, Periods = 100, ThrottledPeriods = 50 };
        var now = new ContainerSample
        {
            Timestamp = 2 * Stopwatch.Frequency,
            Cpu = 4_000_000_000,
            Memory = 32 << 20,
            MemoryLimit = 128 << 20,
            Periods = 120,
            ThrottledPeriods = 55,
        };
        var row = new StatsRow(null!, "x", true, before, now);
        row.Cpu.ShouldBe(150, 0.001);
        row.Memory.ShouldBe(25, 0.001);
        row.Throttled.ShouldBe(25, 0.001);
        Text(row, "CPUPerc").ShouldBe("150.00%");
        Text(row, "MemUsage").ShouldBe("32MiB / 128MiB");
        Text(row, "CPUPressure").ShouldBe("--");
        Text(row with { Now = now with { CpuPressure = 1.5, BlockRead = 1500, BlockWritten = 2_000_000 } }, "CPUPressure").ShouldBe("1.50%");
        Text(row with { Now = now with { BlockRead = 1500, BlockWritten = 2_000_000 } }, "BlockIO").ShouldBe("1.5kB / 2MB");

        // A restart between the samples begins to count anew.
        (row with { Now = now with { Cpu = 5 } }).Cpu.ShouldBe(0);
        (row with { Before = null }).Cpu.ShouldBe(0);
        Text(row with { Now = null }, "MemUsage").ShouldBe("0B / 0B");
    }

    [Fact]
    public void A_sparkline_shows_the_last_values()
    {
        var line = new Sparkline(4);
        line.Draw(100).ShouldBe("    ");
        line.Add(0);
        line.Draw(100).ShouldBe("   ▁");
        line.Add(50);
        line.Add(100);
        line.Draw(100).ShouldBe(" ▁▅█");
        line.Add(200);
        line.Add(100);
        line.Draw(100).ShouldBe("▃▅█▅");
    }

    [Theory]
    [InlineData("80", "80/tcp", true)]
    [InlineData("80", "80/udp", false)]
    [InlineData("80-90/udp", "85-100/udp", true)]
    [InlineData("80-90/tcp", "91/tcp", false)]
    public void Ports_overlap(string filter, string port, bool overlaps) => PortRange.Parse(filter).Contains(port).ShouldBe(overlaps);

    [Theory]
    [InlineData("http")]
    [InlineData("90-80")]
    [InlineData("80/ftp")]
    [InlineData("70000")]
    [InlineData("")]
    public void What_is_no_port_is_refused(string value) => Should.Throw<SampanException>(() => PortRange.Parse(value));

    private static string Text(StatsRow row, string field) => StatsRow.Columns.Single(column => column.Name == field).Text(row);
}
