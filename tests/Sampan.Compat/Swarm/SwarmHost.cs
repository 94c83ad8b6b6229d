using Sampan.Compat.Docker;

namespace Sampan.Compat.Swarm;

/// <summary>A swarm of one node: dockerd as <see cref="DockerHost"/> starts it, and an address of its own that leads nowhere.</summary>
public sealed class SwarmHost : DockerHost
{
    private const string Address = "10.213.7.1";

    /// <summary>Makes the node a manager.</summary>
    public SwarmHost()
    {
        try
        {
            Shell($"ip link add node0 type veth peer name node1 && ip address add {Address}/24 dev node0 && ip link set node0 up && ip link set node1 up");
            Docker("swarm", "init", "--advertise-addr", Address, "--listen-addr", Address + ":2377", "--default-addr-pool", "10.214.0.0/16").ShouldSucceed();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Makes a service of containers that end at once when asked to, and waits until they run.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="replicas">How many.</param>
    /// <param name="options">More options of service create.</param>
    public void Create(string name, int replicas, params string[] options)
    {
        Docker([
            "service", "create", "--detach", "--quiet", "--no-resolve-image", "--name", name, "--replicas", replicas.ToString(), "--init", "--stop-grace-period", "2s",
            "--restart-delay", "100ms", "--update-delay", "0s", "--update-monitor", "500ms", .. options, "busybox", "sleep", "1000"]).ShouldSucceed();
        ShouldRun(name, replicas);
    }

    /// <summary>Waits until exactly this many tasks of a service run, each in a container of its own.</summary>
    public void ShouldRun(string service, int replicas) =>
        Polling.ShouldCome(
            () => Running(service).Count == replicas && Containers(service).Count == replicas,
            () => $"{replicas} tasks run, but: {Docker("service", "ps", "--no-trunc", service)}");

    /// <summary>The ids of a service's tasks that run and are meant to.</summary>
    public IReadOnlyList<string> Running(string service) =>
        [.. Docker("service", "ps", "--no-trunc", "--filter", "desired-state=running", "--format", "{{.ID}} {{.CurrentState}}", service).Lines
            .Where(line => line.Contains(" Running ", StringComparison.Ordinal)).Select(line => line.Split(' ')[0])];

    /// <summary>The ids of the containers that are a service's tasks and run.</summary>
    public IReadOnlyList<string> Containers(string service) =>
        Docker("ps", "--no-trunc", "--quiet", "--filter", "label=com.docker.swarm.service.name=" + service).Lines;

    /// <inheritdoc/>
    protected override void Stop()
    {
        try
        {
            foreach (var service in Docker("service", "ls", "--quiet").Lines)
            {
                Docker("service", "rm", service).ShouldSucceed();
            }

            Polling.ShouldCome(() => Docker("ps", "--all", "--quiet").ShouldSucceed().Length == 0, "the tasks of removed services are removed");
            _ = Docker("swarm", "leave", "--force");
        }
        finally
        {
            base.Stop();
        }
    }
}
