namespace Sampan.Compat.Podman;

/// <summary>Published ports, the host's network, another container's namespaces.</summary>
[Collection(PodmanCollection.Name)]
public class NetworkTests(PodmanHost host)
{
    private const string Serve = "echo hello >/tmp/index.html; exec httpd -f -p 80 -h /tmp";

    [Fact]
    public void A_published_port_answers()
    {
        host.Detached("--name", "web", "-p", "127.0.0.1:8080:80", "busybox", "sh", "-c", Serve);
        Polling.ShouldCome(() => host.Shell("busybox wget -qO- http://127.0.0.1:8080/ 2>/dev/null || true") == "hello", "the server answers");
        host.Podman("port", "web").ShouldSucceed().ShouldBe("80/tcp -> 127.0.0.1:8080");
        host.Remove("web");
    }

    [Fact]
    public void None_is_loopback_only_and_host_is_the_hosts()
    {
        host.Run("ls /sys/class/net", "--network", "none").ShouldBe("lo");
        var inside = host.Run("readlink /proc/self/ns/net", "--network", "host");
        inside.ShouldBe(host.Shell("readlink /proc/self/ns/net"));
    }

    [Fact]
    public void A_container_joins_anothers_namespaces()
    {
        host.Detached("--name", "owner", "busybox", "sleep", "1234");
        host.Run("ps", "--pid", "container:owner").ShouldContain("sleep 1234");
        host.Run("readlink /proc/self/ns/net", "--network", "container:owner").ShouldBe(host.Podman("exec", "owner", "readlink", "/proc/self/ns/net").ShouldSucceed());
        host.Remove("owner");
    }
}
