namespace Sampan.EndToEnd.Containers;

/// <summary>container prune.</summary>
public sealed class PruneTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void It_asks_and_removes_what_does_not_run()
    {
        var running = host.Detached("busybox", "sleep", "1000");
        var paused = host.Detached("busybox", "sleep", "1000");
        host.Sampan("pause", paused).ShouldSucceed();
        var old = host.Sampan("create", "-l", "keep=no", "busybox").ShouldSucceed();
        var ended = host.Detached("-l", "keep=yes", "busybox", "dd", "if=/dev/zero", "of=/big", "bs=1000", "count=3000");
        host.Sampan("wait", ended).ShouldSucceed().ShouldBe("0");

        var asked = host.SampanWithInput("n\n", "container", "prune");
        asked.ExitCode.ShouldBe(0);
        asked.Output.ShouldBe("WARNING! This will remove all stopped containers.\nAre you sure you want to continue? [y/N] ");
        host.Sampan("container", "prune", "-f", "--filter", "until=24h").ShouldSucceed().ShouldBe("Total reclaimed space: 0B");
        host.Sampan("container", "prune", "-f", "--filter", "label!=keep=yes").ShouldSucceed().ShouldBe($"Deleted Containers:\n{old}\n\nTotal reclaimed space: 0B");
        host.Sampan("container", "prune", "-f", "--filter", "nosuch=1").ShouldFailInOneLine(1, "invalid filter 'nosuch'");

        var agreed = host.SampanWithInput("y\n", "container", "prune", "--filter", "label=keep");
        agreed.ExitCode.ShouldBe(0);
        agreed.Output.ShouldEndWith($"Deleted Containers:\n{ended}\n\nTotal reclaimed space: 3MB\n");
        host.Sampan("ps", "-aq", "--no-trunc").Lines.ShouldBe([paused, running], ignoreOrder: true);
    }
}
