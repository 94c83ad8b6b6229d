namespace Sampan.EndToEnd.Run;

/// <summary>Devices by their CDI names, from a file of /var/run/cdi.</summary>
public sealed class CdiTests : IClassFixture<BusyboxHost>, IDisposable
{
    private readonly BusyboxHost _host;
    private readonly string _kind = "sampan.test/k" + Guid.NewGuid().ToString("N")[..8];
    private readonly string _file;
    private readonly bool _made = !Directory.Exists("/var/run/cdi");

    /// <summary>Writes the file.</summary>
    public CdiTests(BusyboxHost host)
    {
        _host = host;
        Directory.CreateDirectory("/var/run/cdi");
        File.WriteAllText(Path.Combine(host.Folder, "driver"), "library");
        _file = $"/var/run/cdi/{_kind.Replace('/', '-')}.json";
        File.WriteAllText(_file, $$$"""
            {"cdiVersion": "0.6.0", "kind": "{{{_kind}}}", "containerEdits": {"env": ["ALL=1"]}, "devices": [
              {"name": "tun", "containerEdits": {"env": ["TUN=yes"], "deviceNodes": [{"path": "/dev/mytun", "hostPath": "/dev/net/tun", "permissions": "rw"}],
                "mounts": [{"hostPath": "{{{Path.Combine(host.Folder, "driver")}}}", "containerPath": "/usr/lib/driver", "options": ["ro", "bind"]}]}},
              {"name": "hooked", "containerEdits": {"hooks": [{"hookName": "createContainer", "path": "/usr/bin/hook"}]}}]}
            """);
    }

    [Fact]
    public void A_device_brings_its_node_environment_and_files()
    {
        _host.Run("echo $ALL $TUN; cat /usr/lib/driver; echo; : < /dev/mytun && echo open", "--device", _kind + "=tun").ShouldBe("1 yes\nlibrary\nopen");
        _host.Sampan("create", "--device", _kind + "=none", "busybox").ShouldFailInOneLine(1, $"unresolvable CDI devices {_kind}=none");
        _host.Sampan("create", "--device", _kind + "=hooked", "busybox").ShouldFailInOneLine(1, "wants /usr/bin/hook run as a hook");
        _host.Sampan("create", "--gpus", "2", "busybox").ShouldFailInOneLine(1, "unresolvable CDI devices nvidia.com/gpu=0, nvidia.com/gpu=1");
        _host.Sampan("create", "--gpus", "some", "busybox").ShouldFail(125, "invalid value for gpus");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(_file);
        if (_made)
        {
            Directory.Delete("/var/run/cdi");
        }
    }
}
