using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>
/// CVE-2022-0492: who can write a version 1 tree's release_agent has a program run by the host's root. A container reaches none, neither in
/// what it is shown nor in a tree it mounts itself, with CAP_SYS_ADMIN and as the root of a user namespace it makes.
/// </summary>
public sealed class ReleaseAgentTests(BundleHost host) : IClassFixture<BundleHost>
{
    private const string Attempt = """
        attempt() {
            for file in /sys/fs/cgroup/release_agent /sys/fs/cgroup/*/release_agent; do
                { echo /escape >$file; } 2>/dev/null && echo "written: $file"
            done
            for tree in $TREES; do
                mkdir -p /tmp/$tree
                for options in $tree $tree,release_agent=/escape; do
                    mount -t cgroup -o $options none /tmp/$tree 2>/dev/null || continue
                    { echo /escape >/tmp/$tree/release_agent; } 2>/dev/null && echo "written: $tree"
                    mount -o remount,release_agent=/escape /tmp/$tree 2>/dev/null && echo "remounted: $tree"
                    umount /tmp/$tree
                done
            done
        }
        attempt
        echo tried as $(id -u)
        """;

    [Theory]
    [InlineData("default", false, false)]
    [InlineData("admin", true, false)]
    [InlineData("unshare", false, true)]
    public void No_container_writes_one(string id, bool administers, bool unshares)
    {
        var trees = Directory.GetDirectories("/sys/fs/cgroup").Where(tree => File.Exists(tree + "/release_agent")).Select(tree => Path.GetFileName(tree)!).ToList();
        Assert.SkipWhen(trees.Count == 0, "this host has no version 1 tree");
        var before = trees.ToDictionary(tree => tree, Agent);
        var script = unshares ? $"unshare -U -r -m sh -c '{Attempt}' 2>&1" : Attempt;
        var bundle = host.Bundle(id, script, config =>
        {
            config["mounts"]!.AsArray().Add(new JsonObject { ["destination"] = "/tmp", ["type"] = "tmpfs", ["source"] = "tmpfs" });
            config["process"]!["env"]!.AsArray().Add("TREES=" + string.Join(' ', trees.Where(tree => tree != "systemd")));
            config["process"]!["noNewPrivileges"] = false;
            if (unshares)
            {
                // Root itself may be mapped only with CAP_SETFCAP (user_namespaces(7)).
                config["process"]!["user"] = new JsonObject { ["uid"] = 1000, ["gid"] = 1000 };
            }

            foreach (var set in (string[])["bounding", "effective", "permitted"])
            {
                if (administers)
                {
                    config["process"]!["capabilities"]![set]!.AsArray().Add("CAP_SYS_ADMIN");
                }
            }
        });
        Host.Shell("chmod 1777 \"$1\"/tmp", host.Rootfs);
        try
        {
            host.Runtime("run", "--bundle", bundle, id).ShouldSucceed().ShouldBe("tried as 0");
            trees.ToDictionary(tree => tree, Agent).ShouldBe(before);
        }
        finally
        {
            foreach (var (tree, agent) in before.Where(item => Agent(item.Key) != item.Value))
            {
                File.WriteAllText($"/sys/fs/cgroup/{tree}/release_agent", agent + "\n");
            }
        }
    }

    private static string Agent(string tree) => File.ReadAllText($"/sys/fs/cgroup/{tree}/release_agent").Trim();
}
