using Sampan.Oci.Runtime;
using Sampan.Runtime.Containers;
using Sampan.Runtime.Resources;

namespace Sampan.Runtime.Tests.Containers;

public class SpecificationVersionTests
{
    /// <summary>Callers of the time before send zeros for what they leave out.</summary>
    [Theory]
    [InlineData("1.0.2-dev", null)]
    [InlineData("1.2.1", null)]
    [InlineData("", null)]
    [InlineData("1.x", null)]
    [InlineData("1.3.0", 1L)]
    [InlineData("1.3.0-rc.1+dev", 1L)]
    [InlineData("1.10.0", 1L)]
    public void No_processes_are_a_limit_since_1_3(string version, long? limit) =>
        ResourceLimits.Of(SpecificationVersion.Read(new() { Pids = new() { Limit = 0 } }, version)).Pids.ShouldBe(limit);

    [Theory]
    [InlineData(-1L)]
    [InlineData(7L)]
    [InlineData(null)]
    public void Every_other_limit_is_the_same_in_all(long? limit)
    {
        RuntimeResources resources = new() { Pids = new() { Limit = limit } };
        SpecificationVersion.Read(resources, "1.0.2").ShouldBeSameAs(resources);
        SpecificationVersion.Read(resources, "1.3.0").ShouldBeSameAs(resources);
    }
}
