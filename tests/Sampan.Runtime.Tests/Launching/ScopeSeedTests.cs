using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Tests.Launching;

public sealed class ScopeSeedTests
{
    [Fact]
    public void TheSeedHoldsOnlyItsLeashAndWaits()
    {
        using var launch = ScopeSeed.Compile();
        var plan = launch.Plan;
        Enumerable.Range(0, plan.Count).Select(index => plan.Texts[index].Call).ShouldBe(
            ["socketpair", "clone3", "rt_sigaction", "prctl PR_SET_PDEATHSIG", "close", "read"]);
    }
}
