namespace Sampan.Compat.Docker;

/// <summary>dockerd, podman and Sampan with networks on one host: nobody's rules are touched by another, and everybody's ports are reached.</summary>
public sealed class NeighbourTests : IDisposable
{
    // Everything of the packet filter but Sampan's own table, without counters.
    private const string Others = "nft -s list ruleset | sed '/^table inet sampan/,/^}/d'";

    private const string Serve = "busybox httpd -f -p 80 -h /etc";

    private readonly DockerHost _docker = new();
    private readonly string _podman;
    private readonly string _sampan;

    public NeighbourTests()
    {
        RuntimeUnderTest.Require("podman", "podman", "is a neighbour");
        RuntimeUnderTest.Require("netavark", "/usr/lib/podman/netavark", "makes podman's networks");
        RuntimeUnderTest.Require("curl", "curl", "asks what is published");
        RuntimeUnderTest.Require("nftables", "nft", "reads the packet filter");

        // The place's /run is its own; podman takes no longer path than 50 characters there.
        _podman = $"podman --root {_docker.Folder}/podman --runroot /run/podman-test --tmpdir /run/podman-test/tmp --cgroup-manager cgroupfs --runtime runc --events-backend file ";
        _sampan = "env SAMPAN_CONFIG= " + Path.Combine(RuntimeUnderTest.Repository, ".build/bin/sampan") + " ";
        _docker.Shell(
            $"""
            ip link add wire type veth peer name far; ip addr add 192.0.2.1/24 dev wire; ip link set wire up; ip link set far up
            {_podman} load --input busybox.tar >/dev/null
            {_sampan} load --quiet --input busybox.tar >/dev/null
            """);
    }

    public void Dispose()
    {
        try
        {
            _docker.Shell($"{_sampan} ps -aq | xargs -r {_sampan} rm -f; {_podman} rm -fa; awk -v folder=\"$PWD\" '$2 ~ folder && /podman/ {{ print $2 }}' /proc/mounts | sort -r | xargs -r umount -l; find /sys/fs/cgroup/*/{_docker.Name}/conmon /sys/fs/cgroup/{_docker.Name}/conmon -depth -type d -exec rmdir {{}} + 2>/dev/null || true");
        }
        finally
        {
            _docker.Dispose();
        }
    }

    [Fact]
    public void Nobody_is_in_anybodys_way()
    {
        _docker.Shell($"docker --host unix://$PWD/docker.sock run -d --name theirs -p 8080:80 {Serve}");
        Podman("theirs", 8081);
        ShouldAnswer(8080, 8081);
        var before = _docker.Shell(Others);
        _docker.Shell($"{_sampan} run -d --name ours -p 8082:80 {Serve}");
        _docker.Shell(Others).ShouldBe(before, "starting changed somebody's rules");
        ShouldAnswer(8080, 8081, 8082);

        // The network that is always there and one that is made keep out of theirs.
        _docker.Shell($"{_sampan} network create nn >/dev/null; {_sampan} run -d --name more --network nn -p 8083:80 {Serve}");
        ShouldAnswer(8083);
        var prefixes = _docker.Shell($"{_sampan} network inspect -f '{{{{(index .IPAM.Config 0).Subnet}}}}' bridge nn; ip -4 route | awk '/docker0|podman/ {{ print $1 }}'").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        prefixes.Length.ShouldBe(4);
        prefixes.Distinct().Count().ShouldBe(4);

        // Theirs come and go meanwhile.
        _docker.Shell($"docker --host unix://$PWD/docker.sock rm -f theirs; docker --host unix://$PWD/docker.sock run -d --name later -p 8084:80 {Serve}");
        Podman("later", 8085);
        ShouldAnswer(8081, 8082, 8083, 8084, 8085);

        // So do ours.
        before = _docker.Shell(Others);
        _docker.Shell($"{_sampan} rm -f ours more; {_sampan} network rm nn");
        _docker.Shell(Others).ShouldBe(before, "removing changed somebody's rules");
        _docker.Shell("nft list table inet sampan | grep -c comment || true").Trim().ShouldBe("0", "ports are left");
        _docker.Shell("ip -br link | grep -c '^sp' || true").Trim().ShouldBe("0", "devices are left");
        ShouldAnswer(8081, 8084, 8085);
    }

    private void Podman(string name, int port) => _docker.Shell(
        $"{_podman} run -d --name {name} --cgroup-parent /{_docker.Name} --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 -p {port}:80 {Serve}");

    private void ShouldAnswer(params int[] ports)
    {
        foreach (var port in ports)
        {
            foreach (var address in (string[])["127.0.0.1", "192.0.2.1"])
            {
                string Ask() => _docker.Shell($"curl -s --max-time 5 http://{address}:{port}/hostname || true");
                Polling.ShouldCome(() => Ask().Length > 0, () => $"{address}:{port} answers");
            }
        }
    }
}
