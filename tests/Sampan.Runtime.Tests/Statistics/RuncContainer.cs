using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Sampan.Runtime.Tests.Statistics;

/// <summary>A container of the distribution's runc, whose group both runtimes can look at.</summary>
internal sealed class RuncContainer : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sampan-runc-").FullName;

    public RuncContainer(string resources, params string[] command)
    {
        var rootfs = Directory.CreateDirectory(Path.Join(_directory, "rootfs", "bin"));
        File.Copy("/bin/busybox", Path.Join(rootfs.FullName, "busybox"));
        Run("spec", "--bundle", _directory);
        var path = Path.Join(_directory, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config["process"]!["terminal"] = false;
        config["process"]!["args"] = new JsonArray([.. command.Select(word => JsonValue.Create(word))]);
        // Absolute: without it runc goes below its own group.
        config["linux"]!["cgroupsPath"] = "/" + Id;
        var target = config["linux"]!["resources"]!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(resources)!.AsObject())
        {
            target[key] = value?.DeepClone();
        }

        File.WriteAllText(path, config.ToJsonString());
        try
        {
            Run("run", "--detach", "--bundle", _directory, Id);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static bool IsPossible => File.Exists("/usr/sbin/runc") && File.Exists("/bin/busybox");

    public string Id { get; } = $"sampan-test-{Guid.NewGuid():N}";

    public string Run(params string[] arguments)
    {
        // The container inherits these streams, so they are files: a pipe would not end before it does.
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", "exec /usr/sbin/runc \"$@\" </dev/null >\"$0/out\" 2>\"$0/err\"", _directory, "--root", _directory + "/state", .. arguments]);
        using var process = Process.Start(start)!;
        process.WaitForExit(30_000).ShouldBeTrue();
        process.ExitCode.ShouldBe(0, File.ReadAllText(_directory + "/err"));
        return File.ReadAllText(_directory + "/out");
    }

    public void Dispose()
    {
        Run("delete", "--force", Id);
        Directory.Delete(_directory, true);
    }
}
