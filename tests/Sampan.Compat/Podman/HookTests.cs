using System.Text.Json;

namespace Sampan.Compat.Podman;

/// <summary>Hooks that podman puts into the specification (oci-hooks(5)).</summary>
[Collection(PodmanCollection.Name)]
public class HookTests(PodmanHost host)
{
    [Fact]
    public void Hooks_are_told_the_containers_state_when_it_is_made_and_when_it_is_gone()
    {
        var folder = Directory.CreateDirectory(Path.Combine(host.Folder, "hooks")).FullName;
        WriteHook(folder, "createRuntime");
        WriteHook(folder, "poststop");
        var id = host.Podman("--hooks-dir", folder, "create", "--name", "hooked", "busybox", "true").ShouldSucceed();
        host.Podman("--hooks-dir", folder, "start", "--attach", "hooked").ShouldSucceed();
        host.Remove("hooked");

        ShouldTell(folder, "createRuntime", id, "creating");
        ShouldTell(folder, "poststop", id, "stopped");
    }

    [Fact]
    public void A_hook_that_fails_fails_the_start_and_leaves_nothing()
    {
        var folder = Directory.CreateDirectory(Path.Combine(host.Folder, "failing-hooks")).FullName;
        WriteHook(folder, "createRuntime", "echo not today >&2; exit 1");
        var result = host.Podman("--hooks-dir", folder, "run", "--name", "refused", "busybox", "echo", "started");
        result.ShouldFail(126, "hook");
        result.Output.ShouldBeEmpty();
        host.Remove("refused");
    }

    private static void WriteHook(string folder, string stage, string? script = null)
    {
        script ??= $"cat >'{folder}/{stage}.state'";
        File.WriteAllText(
            Path.Combine(folder, stage + ".json"),
            JsonSerializer.Serialize(new
            {
                version = "1.0.0",
                hook = new { path = "/bin/sh", args = new[] { "sh", "-c", script }, env = new[] { "PATH=/bin:/usr/bin" } },
                when = new Dictionary<string, bool> { ["always"] = true },
                stages = new[] { stage },
            }));
    }

    private static void ShouldTell(string folder, string stage, string id, string status)
    {
        var file = Path.Combine(folder, stage + ".state");
        File.Exists(file).ShouldBeTrue($"the hook {stage} ran");
        using var state = JsonDocument.Parse(File.ReadAllText(file));
        state.RootElement.GetProperty("id").GetString().ShouldBe(id);
        state.RootElement.GetProperty("status").GetString().ShouldBe(status);
        state.RootElement.GetProperty("bundle").GetString()!.ShouldContain(id);
        state.RootElement.TryGetProperty("ociVersion", out _).ShouldBeTrue();
    }
}
