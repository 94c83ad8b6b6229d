using Sampan.Compat.Docker;

namespace Sampan.Compat.Swarm;

/// <summary>docker swarm: every task is a container of the default runtime (docs/scale-out.md).</summary>
public class ServiceTests(SwarmHost host) : IClassFixture<SwarmHost>
{
    [Fact]
    public void A_service_is_scaled_up_and_down()
    {
        host.Create("scaled", 3);
        ShouldBeOnTheRuntime("scaled");
        host.Docker("service", "scale", "--detach", "scaled=5").ShouldSucceed();
        host.ShouldRun("scaled", 5);
        ShouldBeOnTheRuntime("scaled");
        host.Docker("service", "scale", "--detach", "scaled=2").ShouldSucceed();
        host.ShouldRun("scaled", 2);
        Polling.ShouldCome(
            () => host.Docker("service", "ls", "--filter", "name=scaled", "--format", "{{.Replicas}}").ShouldSucceed() == "2/2",
            "the manager counts two");
        host.Docker("service", "rm", "scaled").ShouldSucceed();
    }

    [Fact]
    public void A_rolling_update_replaces_every_task()
    {
        host.Create("rolled", 3, "--env", "RELEASE=1", "--update-parallelism", "1", "--update-order", "start-first");
        var before = host.Containers("rolled");
        host.Docker("service", "update", "--detach", "--quiet", "--no-resolve-image", "--env-add", "RELEASE=2", "rolled").ShouldSucceed();
        Polling.ShouldCome(
            () => host.Docker("service", "inspect", "--format", "{{.UpdateStatus.State}}", "rolled").Text == "completed",
            () => "the update is completed: " + host.Docker("service", "ps", "--no-trunc", "rolled"));
        host.ShouldRun("rolled", 3);
        var after = host.Containers("rolled");
        after.Intersect(before).ShouldBeEmpty();
        foreach (var container in after)
        {
            host.Docker("exec", container, "sh", "-c", "echo $RELEASE").ShouldSucceed().ShouldBe("2");
        }

        ShouldBeOnTheRuntime("rolled");
        host.Docker("service", "rm", "rolled").ShouldSucceed();
    }

    [Fact]
    public void A_task_that_dies_is_replaced()
    {
        host.Create("mended", 2);
        var victim = host.Containers("mended")[0];
        host.Docker("kill", victim).ShouldSucceed();
        Polling.ShouldCome(
            () => host.Containers("mended") is { Count: 2 } now && !now.Contains(victim),
            () => "another task takes its place: " + host.Docker("service", "ps", "--no-trunc", "mended"));
        host.ShouldRun("mended", 2);
        host.Docker("inspect", "--format", "{{.State.ExitCode}}", victim).Text.ShouldBe("137");
        ShouldBeOnTheRuntime("mended");
        host.Docker("service", "rm", "mended").ShouldSucceed();
    }

    [Fact]
    public void Limits_networks_secrets_and_settings_arrive_in_the_tasks()
    {
        host.Docker("network", "create", "--driver", "overlay", "between").ShouldSucceed();
        using (var secret = host.Start("secret", "create", "word", "-"))
        {
            secret.Send("open sesame");
            secret.CloseInput();
            secret.Wait().ShouldSucceed();
        }

        host.Create("furnished", 2, "--network", "between", "--secret", "word", "--limit-memory", "64m", "--limit-pids", "20", "--user", "1000", "--read-only");
        var containers = host.Containers("furnished");
        LimitTests.Inside(host, containers[0], "memory/memory.limit_in_bytes", "memory.max").ShouldBe("67108864");
        LimitTests.Inside(host, containers[0], "pids/pids.max", "pids.max").ShouldBe("20");
        host.Docker("exec", containers[0], "sh", "-c", "cat /run/secrets/word; echo; id -u; touch /file 2>/dev/null || echo refused").ShouldSucceed()
            .ShouldBe("open sesame\n1000\nrefused");
        var address = host.Inspect(containers[1], "{{(index .NetworkSettings.Networks \"between\").IPAddress}}");
        host.Docker("exec", "--user", "root", containers[0], "ping", "-c", "1", "-w", "10", address).ShouldSucceed().ShouldContain("1 packets received");
        host.Docker("service", "rm", "furnished").ShouldSucceed();
        Polling.ShouldCome(() => host.Containers("furnished").Count == 0, "the tasks end");
        host.Docker("secret", "rm", "word").ShouldSucceed();
        Polling.ShouldCome(() => host.Docker("network", "rm", "between").ExitCode == 0, "the network is free");
    }

    private void ShouldBeOnTheRuntime(string service)
    {
        foreach (var container in host.Containers(service))
        {
            host.Inspect(container, "{{.HostConfig.Runtime}}").ShouldBe(DockerHost.RuntimeName);
            host.RuntimeKnows(container).ShouldBeTrue("the runtime under test made the task's container");
        }
    }
}
