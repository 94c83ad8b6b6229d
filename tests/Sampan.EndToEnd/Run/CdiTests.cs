namespace Sampan.EndToEnd.Run;

/// <summary>Devices by their CDI names, from files of /var/run/cdi.</summary>
public sealed class CdiTests : IClassFixture<BusyboxHost>, IDisposable
{
    private readonly BusyboxHost _host;
    private readonly string _kind = "sampan.test/k" + Guid.NewGuid().ToString("N")[..8];
    private readonly string _file;
    private readonly string _yamlKind = "sampan.test/y" + Guid.NewGuid().ToString("N")[..8];
    private readonly string _yamlFile;
    private readonly bool _made = !Directory.Exists("/var/run/cdi");

    /// <summary>Writes the files.</summary>
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
        _yamlFile = $"/var/run/cdi/{_yamlKind.Replace('/', '-')}.yaml";
        File.WriteAllText(_yamlFile, $$"""
            # As a vendor's generator writes it.
            ---
            cdiVersion: 0.5.0
            kind: {{_yamlKind}}
            devices:
            - name: tun
              containerEdits:
                deviceNodes:
                - path: /dev/yamltun
                  hostPath: /dev/net/tun
                  permissions: rw
                mounts:
                - hostPath: "{{Path.Combine(host.Folder, "driver")}}"
                  containerPath: /usr/lib/yaml-driver
                  options: [ro, nosuid, bind]
            - name: "named"
              containerEdits:
                env:
                - NAMED=a b
                - 'QUOTED=#no comment'
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

    [Fact]
    public void A_file_in_yaml_brings_what_one_in_json_does()
    {
        _host.Run(
            "echo \"$NAMED|$QUOTED\"; cat /usr/lib/yaml-driver; echo; : < /dev/yamltun && echo open; touch /usr/lib/yaml-driver 2>/dev/null || echo locked",
            "--device", _yamlKind + "=tun", "--device", _yamlKind + "=named").ShouldBe("a b|#no comment\nlibrary\nopen\nlocked");
        _host.Sampan("create", "--device", _yamlKind + "=none", "busybox").ShouldFailInOneLine(1, $"unresolvable CDI devices {_yamlKind}=none");
    }

    [Fact]
    public void A_running_container_gets_a_device_by_its_name_and_loses_it()
    {
        var id = _host.Detached("busybox", "sleep", "1000");
        _host.Sampan("exec", id, "mknod", "/made", "c", "10", "200").ShouldSucceed();
        _host.Sampan("exec", id, "sh", "-c", ": < /made").ShouldFail(1);
        _host.Sampan("update", "--device-add", _yamlKind + "=tun", id).ShouldSucceed();
        const string look = "cat /usr/lib/yaml-driver; : < /dev/yamltun && echo open; : < /made && echo allowed";
        _host.Sampan("exec", id, "sh", "-c", look).ShouldSucceed().ShouldBe("libraryopen\nallowed");
        _host.Sampan("update", "--device-add", _yamlKind + "=none", id).ShouldFailInOneLine(1, $"unresolvable CDI devices {_yamlKind}=none");
        _host.Sampan("update", "--device-add", _yamlKind + "=named", id).ShouldFailInOneLine(1, "stop the container, update it, and start it again");
        _host.Sampan("restart", "-t", "0", id).ShouldSucceed();
        _host.Sampan("exec", id, "sh", "-c", "cat /usr/lib/yaml-driver; : < /dev/yamltun && echo open").ShouldSucceed().ShouldBe("libraryopen");
        _host.Sampan("update", "--device-rm", _yamlKind + "=tun", id).ShouldSucceed();
        _host.Sampan("exec", id, "grep", "-c", "yaml-driver", "/proc/mounts").ExitCode.ShouldBe(1, "the mount is gone");
        _host.Sampan("exec", id, "ls", "/dev/yamltun").ShouldFail(1, "No such file");
        _host.Sampan("exec", id, "sh", "-c", ": < /made").ShouldFail(1);
        _host.Sampan("stop", "-t", "0", id).ShouldSucceed();
        _host.Sampan("update", "--device-add", _yamlKind + "=named", id).ShouldSucceed();
        _host.Sampan("start", id).ShouldSucceed();
        _host.Sampan("exec", id, "sh", "-c", "tr '\\0' '\\n' </proc/1/environ | grep ^NAMED; test -e /dev/yamltun || echo gone").ShouldSucceed().ShouldBe("NAMED=a b\ngone");
        _host.Sampan("rm", "-f", id).ShouldSucceed();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(_file);
        File.Delete(_yamlFile);
        if (_made)
        {
            Directory.Delete("/var/run/cdi");
        }
    }
}
