namespace Sampan.EndToEnd.Containers;

/// <summary>pause, unpause, and what other commands say of a container that stands still.</summary>
public sealed class PauseTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void A_paused_container_stands_still_until_it_is_told_to_go_on()
    {
        var id = host.Detached("--name", "still", "busybox", "sh", "-c", "i=0; while :; do i=$((i+1)); echo $i > /count; done");
        Patience.ShouldCome(() => Count(id) != "", "it counts");
        host.Sampan("pause", "still").ShouldSucceed().ShouldBe("still");
        host.Status(id).ShouldBe("paused");
        var state = host.Inspect(id).GetProperty("State");
        state.GetProperty("Running").GetBoolean().ShouldBeTrue();
        state.GetProperty("Paused").GetBoolean().ShouldBeTrue();
        host.Sampan("ps", "--format", "{{.Status}}", "-f", "name=still").ShouldSucceed().ShouldMatch(@"^Up .* \(Paused\)$");
        host.Sampan("ps", "-q", "--no-trunc", "-f", "status=paused").Lines.ShouldContain(id);
        var seen = Count(id);
        host.Sampan("logs", id).ShouldSucceed();
        Count(id).ShouldBe(seen, "no process of it runs");
        host.Sampan("unpause", id).ShouldSucceed().ShouldBe(id);
        host.Status(id).ShouldBe("running");
        Patience.ShouldCome(() => Count(id) is var now && now != "" && now != seen, "it goes on");
    }

    [Fact]
    public void Commands_refuse_in_dockers_words()
    {
        var id = host.Detached("--name", "refused", "busybox", "sleep", "1000");
        host.Sampan("unpause", id).ShouldFailInOneLine(1, $"Container {id} is not paused");
        host.Sampan("pause", id).ShouldSucceed();
        host.Sampan("pause", id).ShouldFailInOneLine(1, $"Container {id} is already paused");
        host.Sampan("exec", id, "true").ShouldFailInOneLine(1, $"Container {id} is paused, unpause the container before exec");
        host.Sampan("rm", "refused").ShouldFailInOneLine(1, "cannot remove container \"/refused\": container is paused and must be unpaused first");
        host.Sampan("start", id).ShouldFailInOneLine(1, "cannot start a paused container, try unpause instead");
        host.Sampan("attach", id).ShouldFailInOneLine(1, "cannot attach to a paused container, unpause it first");
        var stopped = host.Sampan("create", "busybox").ShouldSucceed();
        host.Sampan("pause", stopped).ShouldFailInOneLine(1, $"container {stopped} is not running");
        host.Sampan("unpause", stopped).ShouldFailInOneLine(1, $"Container {stopped} is not paused");
        host.Sampan("pause", "missing").ShouldFailInOneLine(1, "No such container: missing");
    }

    [Fact]
    public void Stop_kill_and_rm_end_a_paused_container()
    {
        var polite = host.Detached("busybox", "sh", "-c", "trap 'exit 5' TERM; echo ready; while :; do sleep 0.05; done");
        Patience.ShouldCome(() => host.Sampan("logs", polite).Output.Contains("ready"), "the trap is set");
        host.Sampan("pause", polite).ShouldSucceed();
        host.Sampan("stop", "-t", "30", polite).ShouldSucceed();
        host.Sampan("wait", polite).ShouldSucceed().ShouldBe("5", "its handler ran: the signal thaws it");

        var killed = host.Detached("busybox", "sleep", "1000");
        host.Sampan("pause", killed).ShouldSucceed();
        host.Sampan("kill", killed).ShouldSucceed();
        host.Sampan("wait", killed).ShouldSucceed().ShouldBe("137");

        var removed = host.Detached("busybox", "sleep", "1000");
        host.Sampan("pause", removed).ShouldSucceed();
        host.Sampan("rm", "-f", removed).ShouldSucceed();
    }

    [Fact]
    public void A_paused_container_whose_monitor_died_stays_paused()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("pause", id).ShouldSucceed();
        Processes.Kill(host.Monitor(id));
        host.Status(id).ShouldBe("paused");
        host.Sampan("unpause", id).ShouldSucceed();
        host.Sampan("exec", id, "true").ShouldSucceed();
    }

    [Fact]
    public void Commit_of_a_paused_container_leaves_it_paused()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        host.Sampan("pause", id).ShouldSucceed();
        host.Sampan("commit", id, "of-paused").ShouldSucceed();
        host.Status(id).ShouldBe("paused");
        host.Sampan("exec", id, "true").ShouldFailInOneLine(1, "is paused");
        host.Sampan("rmi", "of-paused").ShouldSucceed();
    }

    private string Count(string id)
    {
        var file = Path.Combine(host.Root, "containers", id, "upper/count");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
