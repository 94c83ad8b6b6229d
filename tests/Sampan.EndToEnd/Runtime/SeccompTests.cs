using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>Every action and flag of the seccomp section, by what a process sees (config-linux.md, "Seccomp").</summary>
public sealed class SeccompTests(BundleHost host) : IClassFixture<BundleHost>
{
    private static readonly int Mkdirat = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 34 : 258;
    private static readonly int Mkdir = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 34 : 83;

    private static void Filter(JsonNode config, string action, JsonObject? more = null, JsonArray? arguments = null)
    {
        var rule = new JsonObject { ["names"] = new JsonArray("mkdir", "mkdirat"), ["action"] = action };
        if (arguments is not null)
        {
            rule["args"] = arguments;
        }

        foreach (var (name, value) in more?.ToList() ?? [])
        {
            more!.Remove(name);
            rule[name] = value;
        }

        config["root"]!["readonly"] = false;
        config["linux"]!["seccomp"] = new JsonObject { ["defaultAction"] = "SCMP_ACT_ALLOW", ["syscalls"] = new JsonArray(rule) };
    }

    [Theory]
    [InlineData("SCMP_ACT_KILL", "159")]
    [InlineData("SCMP_ACT_KILL_THREAD", "159")]
    [InlineData("SCMP_ACT_KILL_PROCESS", "159")]
    [InlineData("SCMP_ACT_TRAP", "159")]
    [InlineData("SCMP_ACT_TRACE", "1")]
    [InlineData("SCMP_ACT_ERRNO", "1")]
    [InlineData("SCMP_ACT_LOG", "0")]
    public void Actions(string action, string status)
    {
        var id = "act-" + action[9..].ToLowerInvariant().Replace('_', '-');
        var bundle = host.Bundle(id, "mkdir /dev/made; echo $?", config => Filter(config, action));
        host.Runtime("run", "--bundle", bundle, id).ShouldSucceed().ShouldBe(status);
    }

    [Fact]
    public void The_error_is_the_profiles()
    {
        var bundle = host.Bundle("errno", "mkdir /dev/made", config => Filter(config, "SCMP_ACT_ERRNO", new() { ["errnoRet"] = 28 }));
        host.Runtime("run", "--bundle", bundle, "errno").Error.ShouldContain("No space left on device");
    }

    [Theory]
    [InlineData("SCMP_CMP_MASKED_EQ", 0x1FF, 0x1FF, "SCMP_ACT_ERRNO", "1")]
    [InlineData("SCMP_CMP_MASKED_EQ", 0x1FF, 0x1FE, "SCMP_ACT_ERRNO", "0")]
    [InlineData("SCMP_CMP_EQ", 0x1FF, 0, "SCMP_ACT_ERRNO", "1")]
    [InlineData("SCMP_CMP_NE", 0x1FF, 0, "SCMP_ACT_ERRNO", "0")]
    [InlineData("SCMP_CMP_GE", 0x200, 0, "SCMP_ACT_ERRNO", "0")]
    [InlineData("SCMP_CMP_LT", 0x200, 0, "SCMP_ACT_ERRNO", "1")]
    public void Arguments_are_compared(string comparison, int value, int second, string action, string status)
    {
        var id = $"cmp-{comparison[9..].ToLowerInvariant().Replace('_', '-')}-{value:x}-{second:x}";
        var bundle = host.Bundle(id, "mkdir /dev/made; echo $?", config =>
        {
            Filter(config, action, null, new JsonArray(new JsonObject { ["index"] = 1, ["value"] = value, ["valueTwo"] = second, ["op"] = comparison }));
            config["linux"]!["seccomp"]!["syscalls"]![0]!["names"] = new JsonArray("mkdir");
        });
        Assert.SkipWhen(Mkdir == Mkdirat, "mkdir has no number of its own on this machine");
        host.Runtime("run", "--bundle", bundle, id).ShouldSucceed().ShouldBe(status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_agent_is_asked_even_about_the_runtimes_own_calls(bool noNewPrivileges)
    {
        var id = noNewPrivileges ? "notify-nnp" : "notify";
        var socket = Path.Combine(host.Folder, id + ".sock");
        using var agent = new SeccompAgent(socket, Mkdir);
        var bundle = host.Bundle(id, "mkdir /dev/made", config =>
        {
            Filter(config, "SCMP_ACT_NOTIFY");
            var section = config["linux"]!["seccomp"]!;
            section["syscalls"]![0]!["names"] = new JsonArray("mkdir", "capset", "prctl", "execve", "read");
            section["listenerPath"] = socket;
            section["listenerMetadata"] = "for the agent";
            section["flags"] = new JsonArray("SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", "SECCOMP_FILTER_FLAG_LOG");
            config["process"]!["noNewPrivileges"] = noNewPrivileges;
            config["annotations"] = new JsonObject { ["key"] = "value" };
        });
        host.Runtime("run", "--bundle", bundle, id).Error.ShouldContain("Cannot assign requested address");
        agent.Join();
        var state = JsonNode.Parse(agent.State)!;
        state["fds"]!.ToJsonString().ShouldBe("""["seccompFd"]""");
        state["metadata"]!.GetValue<string>().ShouldBe("for the agent");
        state["state"]!["id"]!.GetValue<string>().ShouldBe(id);
        state["state"]!["bundle"]!.GetValue<string>().ShouldBe(bundle);
        state["state"]!["status"]!.GetValue<string>().ShouldBe("creating");
        state["state"]!["annotations"]!["key"]!.GetValue<string>().ShouldBe("value");
        state["pid"]!.GetValue<int>().ShouldBe(state["state"]!["pid"]!.GetValue<int>());
        agent.Calls.Count.ShouldBeGreaterThan(1);
        agent.Calls[^1].ShouldBe(Mkdir);
    }

    [Fact]
    public void Without_an_agent_there_is_no_container()
    {
        var bundle = host.Bundle("alone", "true", config =>
        {
            Filter(config, "SCMP_ACT_NOTIFY");
            config["linux"]!["seccomp"]!["listenerPath"] = Path.Combine(host.Folder, "nobody.sock");
        });
        host.Runtime("run", "--bundle", bundle, "alone").ShouldFail(1, "nobody listens");
        host.Runtime("state", "alone").ExitCode.ShouldBe(1);
    }
}
