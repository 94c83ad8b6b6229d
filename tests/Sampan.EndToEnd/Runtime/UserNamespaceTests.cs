using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>A user namespace of its own: root inside is nobody outside.</summary>
public sealed class UserNamespaceTests(BundleHost host) : IClassFixture<BundleHost>
{
    private static void Map(JsonNode config)
    {
        config["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
        config["linux"]!["uidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 });
        config["linux"]!["gidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 200000, ["size"] = 65536 });
        config["process"]!["oomScoreAdj"] = 321;
        config["root"]!["readonly"] = false;
    }

    [Fact]
    public void Ids_are_mapped_inside_and_out()
    {
        var bundle = host.Bundle("mapped", "id -u; id -g; cat /proc/self/uid_map /proc/self/oom_score_adj; ls -l /dev/null | cut -c1; echo x > /dev/null; exec sleep 1000", Map);
        using var run = host.Start("run", "--bundle", bundle, "mapped");
        run.Expect("c\n");
        var lines = run.Output.Split('\n');
        lines[..2].ShouldBe(["0", "0"]);
        lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["0", "100000", "65536"]);
        lines[3].ShouldBe("321");
        var state = JsonNode.Parse(host.Runtime("state", "mapped").ShouldSucceed())!;
        var pid = state["pid"]!.GetValue<int>();
        Processes.Status(pid, "Uid").ShouldStartWith("100000\t");
        Processes.Status(pid, "Gid").ShouldStartWith("200000\t");
        host.Runtime("exec", "mapped", "id", "-u").ShouldSucceed().ShouldBe("0");
        host.Runtime("kill", "mapped", "KILL").ShouldSucceed();
        run.Wait().ExitCode.ShouldBe(137);
    }

    [Fact]
    public void A_users_process_stays_that_user()
    {
        var bundle = host.Bundle("user", "id -u; id -G; grep CapEff /proc/self/status", config =>
        {
            Map(config);
            config["process"]!["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000, ["additionalGids"] = new JsonArray(5) };
        });
        host.Runtime("run", "--bundle", bundle, "user").ShouldSucceed().ShouldBe("1000\n1000 5\nCapEff:\t0000000000000000");
    }

    [Fact]
    public void A_namespace_without_mappings_is_refused()
    {
        var bundle = host.Bundle("unmapped", "true", config => config["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" }));
        host.Runtime("run", "--bundle", bundle, "unmapped").Error.ShouldContain("uidMappings");
        host.Runtime("state", "unmapped").ExitCode.ShouldBe(1);
    }
}
