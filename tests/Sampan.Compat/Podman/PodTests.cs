namespace Sampan.Compat.Podman;

/// <summary>Pods: containers that share the namespaces of an infra container.</summary>
public class PodTests(PodHost host) : IClassFixture<PodHost>
{
    [Fact]
    public void Errors_in_plain_lines_are_understood_too()
    {
        host.Podman("run", "--rm", "busybox", "no-such-command").ShouldFail(127, "no-such-command", "executable file not found in $PATH");
        host.Podman("run", "--rm", "busybox", "/etc/passwd").ShouldFail(126, "permission denied");
    }

    [Fact]
    public void Containers_of_a_pod_share_namespaces()
    {
        host.Podman("pod", "create", "--name", "pair", "--infra-image", "busybox", "--infra-command", "sleep 1000").ShouldSucceed();
        host.Detached("--pod", "pair", "--name", "server", "busybox", "sh", "-c", "echo hello >/tmp/index.html; exec httpd -f -p 80 -h /tmp");
        host.Detached("--pod", "pair", "--name", "client", "busybox", "sleep", "1000");
        Polling.ShouldCome(() => host.Podman("exec", "client", "wget", "-qO-", "http://127.0.0.1/").Text == "hello", "one reaches the other on loopback");
        foreach (var space in new[] { "net", "ipc", "uts" })
        {
            host.Podman("exec", "client", "readlink", "/proc/self/ns/" + space).ShouldSucceed()
                .ShouldBe(host.Podman("exec", "server", "readlink", "/proc/self/ns/" + space).ShouldSucceed());
        }

        host.Podman("exec", "client", "readlink", "/proc/self/ns/mnt").ShouldSucceed()
            .ShouldNotBe(host.Podman("exec", "server", "readlink", "/proc/self/ns/mnt").ShouldSucceed());
        host.Podman("pod", "ps", "--format", "{{.Name}} {{.Status}} {{.NumberOfContainers}}").ShouldSucceed().ShouldBe("pair Running 3");

        host.Podman("pod", "pause", "pair").ShouldSucceed();
        host.Podman("pod", "unpause", "pair").ShouldSucceed();
        host.Podman("pod", "stop", "-t", "0", "pair").ShouldSucceed();
        host.Podman("pod", "start", "pair").ShouldSucceed();
        host.Podman("exec", "client", "true").ShouldSucceed();
        host.Podman("pod", "rm", "-f", "-t", "0", "pair").ShouldSucceed();
    }
}
