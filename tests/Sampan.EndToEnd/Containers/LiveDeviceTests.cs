namespace Sampan.EndToEnd.Containers;

/// <summary>update --device-add and --device-rm: devices of a container that runs.</summary>
public sealed class LiveDeviceTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const string Tunnel = "/dev/net/tun";

    [Fact]
    public void A_device_can_be_read_once_it_is_added_and_no_more_once_it_is_removed()
    {
        var id = host.Detached("busybox", "sleep", "1000");
        Allowed(id, "/dev/mine").ShouldBeFalse();
        host.Sampan("exec", id, "mknod", "/dev/made", "c", "10", "200").ShouldSucceed();
        Allowed(id, "/dev/made").ShouldBeFalse("the group refuses it");
        host.Sampan("update", "--device-add", $"{Tunnel}:/dev/mine:r", id).ShouldSucceed();
        Allowed(id, "/dev/mine").ShouldBeTrue();
        Allowed(id, "/dev/made").ShouldBeTrue("and now it does not");
        host.Sampan("exec", id, "sh", "-c", ": > /dev/mine").ShouldFail(1, "can't create /dev/mine");
        host.Sampan("exec", id, "stat", "-c", "%t:%T", "/dev/mine").ShouldSucceed().ShouldBe("a:c8");
        host.Inspect(id).GetProperty("HostConfig").GetProperty("Devices")[0].GetProperty("PathInContainer").GetString().ShouldBe("/dev/mine");
        host.Sampan("restart", "-t", "0", id).ShouldSucceed();
        Allowed(id, "/dev/mine").ShouldBeTrue("the next start has it too");
        host.Sampan("exec", id, "mknod", "/dev/made", "c", "10", "200").ShouldSucceed();
        host.Sampan("update", "--device-rm", "/dev/mine", id).ShouldSucceed();
        host.Sampan("exec", id, "ls", "/dev/mine").ShouldFail(1, "No such file");
        Allowed(id, "/dev/made").ShouldBeFalse("its rule is gone");
        host.Sampan("exec", id, "sh", "-c", ": > /dev/null").ShouldSucceed();
    }

    [Fact]
    public void What_cannot_be_is_refused_and_leaves_nothing()
    {
        var id = host.Detached("--device", $"{Tunnel}:/dev/has:r", "busybox", "sleep", "1000");
        host.Sampan("update", "--device-add", "/dev/full:/dev/has", id).ShouldFailInOneLine(1, "Duplicate device: /dev/has");
        host.Sampan("update", "--device-add", "/dev/none", id).ShouldFailInOneLine(1, "error gathering device information while adding custom device \"/dev/none\": no such file or directory");
        host.Sampan("update", "--device-rm", "/dev/none", id).ShouldFailInOneLine(1, "No such device in the container: /dev/none");
        host.Sampan("update", "--device-rm", "/dev/null", id).ShouldFailInOneLine(1, "No such device in the container: /dev/null");
        host.Sampan("update", "--device-add", "/dev/full:/dev/x:z", id).ShouldFail(125, "bad mode specified: z");
        host.Sampan("update", "--device-rm", "/dev/has", "--device-add", $"{Tunnel}:/sub/dir/dev", "--device-add", "/dev/full:/dev/zero", id).ShouldFailInOneLine(1, "mknodat /dev/zero");
        Allowed(id, "/dev/has").ShouldBeTrue("it is back");
        host.Sampan("exec", id, "stat", "-c", "%a %u", "/dev/has").ShouldSucceed().ShouldBe(Host.Shell($"stat -c '%a %u' {Tunnel}").TrimEnd());
        host.Sampan("exec", id, "ls", "/sub").ShouldFail(1, "No such file");
        host.Inspect(id).GetProperty("HostConfig").GetProperty("Devices").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public void A_file_the_container_put_in_a_devices_place_is_its_own()
    {
        var id = host.Detached("--device", $"{Tunnel}:/dev/mine:r", "busybox", "sleep", "1000");
        host.Sampan("exec", id, "sh", "-c", "rm /dev/mine; echo own > /dev/mine").ShouldSucceed();
        host.Sampan("update", "--device-rm", "/dev/mine", id).ShouldSucceed();
        host.Sampan("exec", id, "cat", "/dev/mine").ShouldSucceed().ShouldBe("own");
    }

    private bool Allowed(string id, string device) => host.Sampan("exec", id, "sh", "-c", $": < {device}").ExitCode == 0;
}
