using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime;

/// <summary>Mount options, read back from the container's mountinfo (config.md, "Mounts").</summary>
public sealed class MountTests(BundleHost host) : IClassFixture<BundleHost>
{
    private static JsonArray Ids(int outside) => [new JsonObject { ["containerID"] = 0, ["hostID"] = outside, ["size"] = 100 }];

    private static void Add(JsonNode config, string destination, string? source, string type, string options, Action<JsonObject>? more = null)
    {
        var mount = new JsonObject { ["destination"] = destination, ["type"] = type, ["options"] = new JsonArray([.. options.Split(',').Select(option => (JsonNode)option)]) };
        if (source is not null)
        {
            mount["source"] = source;
        }

        more?.Invoke(mount);
        config["root"]!["readonly"] = false;
        config["mounts"]!.AsArray().Add(mount);
    }

    private string Source(string name)
    {
        var folder = Path.Combine(host.Folder, name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "file"), "text");
        return folder;
    }

    /// <summary>Options of the mount at /at, in mountinfo's order: its own, then (after a minus) propagation.</summary>
    private string[] Mounted(string id, string type, string options, string? source = null)
    {
        var bundle = host.Bundle(id, "grep ' /at ' /proc/self/mountinfo", config => Add(config, "/at", source, type, options));
        var fields = host.Runtime("run", "--bundle", bundle, id).ShouldSucceed().Split(' ');
        return [fields[5], string.Join(' ', fields.Skip(6).TakeWhile(field => field != "-")), fields[^1]];
    }

    [Theory]
    [InlineData("rbind,ro,rw", "rw,relatime")]
    [InlineData("rbind,nosuid,suid,noexec,nodev,ro", "ro,nodev,noexec,relatime")]
    [InlineData("rbind,noatime,nodiratime,nosymfollow", "rw,noatime,nodiratime,nosymfollow")]
    [InlineData("rbind,noatime,strictatime", "rw")]
    [InlineData("bind,rro,rnoexec,rnosuid", "ro,nosuid,noexec,relatime")]
    [InlineData("bind,sync,dirsync,lazytime,silent,iversion,mand,async,defaults", "rw,relatime")]
    public void Bind_options(string options, string shown) =>
        Mounted("bind-" + string.Concat(options.Where(char.IsLetter)), "bind", options, Source("plain"))[0].ShouldBe(shown);

    [Fact]
    public void A_thousand_of_them()
    {
        var source = Source("many");
        var bundle = host.Bundle("many", "grep -c ' /many/' /proc/self/mountinfo", config =>
        {
            for (var number = 0; number < 1000; number++)
            {
                Add(config, $"/many/{number}", source, "bind", "bind,ro");
            }
        });
        host.Runtime("run", "--bundle", bundle, "many").ShouldSucceed().ShouldBe("1000");
    }

    [Fact]
    public void File_system_options_are_the_superblocks()
    {
        var shown = Mounted("superblock", "tmpfs", "sync,dirsync,lazytime,noatime,rnosuid,size=64k,mode=711,silent");
        shown[0].ShouldBe("rw,nosuid,noatime");
        shown[2].Split(',').ShouldBe(["rw", "sync", "dirsync", "lazytime", "size=64k", "mode=711"], ignoreOrder: true);
    }

    [Fact]
    public void Unknown_options_are_refused()
    {
        var bind = host.Bundle("bogus-bind", "true", config => Add(config, "/at", Source("plain"), "bind", "bind,bogus"));
        host.Runtime("run", "--bundle", bind, "bogus-bind").ShouldFail(1, "unknown option");
        var tmpfs = host.Bundle("bogus-tmpfs", "true", config => Add(config, "/at", null, "tmpfs", "bogus"));
        host.Runtime("run", "--bundle", tmpfs, "bogus-tmpfs").ShouldFail(1, "bogus", "does not know this option");
    }

    [Fact]
    public void A_bind_mount_does_not_carry_mounts_to_the_host()
    {
        var source = Source("shared");
        Directory.CreateDirectory(Path.Combine(source, "below"));
        Host.Shell("mount --bind \"$1\" \"$1\"; mount --make-shared \"$1\"", source);
        try
        {
            foreach (var (id, options) in new[] { ("peer-none", "rbind"), ("peer-shared", "rbind,rshared") })
            {
                var bundle = host.Bundle(id, "mount -t tmpfs inside /at/below && grep -c ' /at/below ' /proc/self/mountinfo", config =>
                {
                    Add(config, "/at", source, "bind", options);
                    foreach (var set in (string[])["bounding", "effective", "permitted"])
                    {
                        config["process"]!["capabilities"]![set]!.AsArray().Add("CAP_SYS_ADMIN");
                    }
                });
                host.Runtime("run", "--bundle", bundle, id).ShouldSucceed().ShouldBe("1");
                File.ReadAllText("/proc/self/mountinfo").ShouldNotContain($" {source}/below ");
            }
        }
        finally
        {
            Host.Shell("umount \"$1\"", source);
        }
    }

    [Fact]
    public void Ids_are_mapped_on_a_mount()
    {
        var source = Source("mapped");
        var bundle = host.Bundle("idmap", "stat -c '%u %g' /at/file; stat -c '%u %g' /plain/file", config =>
        {
            Add(config, "/at", source, "bind", "rbind,ridmap", mount => (mount["uidMappings"], mount["gidMappings"]) = (Ids(1000), Ids(2000)));
            Add(config, "/plain", source, "bind", "bind");
        });
        host.Runtime("run", "--bundle", bundle, "idmap").ShouldSucceed().ShouldBe("1000 2000\n0 0");
    }

    [Fact]
    public void A_user_namespaces_root_owns_roots_files_on_an_idmapped_mount()
    {
        var source = Source("user");
        var bundle = host.Bundle("idmap-user", "stat -c %u /at/file; touch /at/made; stat -c %u /plain/file", config =>
        {
            config["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
            config["linux"]!["uidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 });
            config["linux"]!["gidMappings"] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 });
            Add(config, "/at", source, "bind", "rbind,idmap");
            Add(config, "/plain", source, "bind", "rbind");
        });
        Host.Shell("chmod 755 \"$1\"; mkdir -p \"$2/at\" \"$2/plain\"", host.Folder, host.Rootfs);
        host.Runtime("run", "--bundle", bundle, "idmap-user").ShouldSucceed().ShouldBe("0\n65534");
        Host.Shell("stat -c %u \"$1/made\"", source).ShouldBe("0");
    }

    [Fact]
    public void A_tmpfs_begins_as_a_copy()
    {
        Host.Shell("cd \"$1\"; rm -rf copied; mkdir -p copied/a/b; echo hello >copied/a/b/f; chown 5:6 copied/a/b/f; chmod 4755 copied/a/b/f; ln -s f copied/a/b/l; mkfifo copied/a/p; touch -d 2001-01-01T00:00:00Z copied/a/b/f; chmod 1770 copied", host.Rootfs);
        var bundle = host.Bundle("copyup", "cd /copied; cat a/b/l; stat -c '%a %u %g %Y' a/b/f; test -p a/p && stat -c %a .; rm a/b/l", config =>
        {
            config["root"]!["readonly"] = false;
            Add(config, "/copied", null, "tmpfs", "tmpcopyup");
        });
        host.Runtime("run", "--bundle", bundle, "copyup").ShouldSucceed().ShouldBe("hello\n4755 5 6 978307200\n1770");
        File.ResolveLinkTarget(Path.Combine(host.Rootfs, "copied/a/b/l"), false).ShouldNotBeNull();
    }

    [Fact]
    public void A_remount_changes_a_mount_and_its_file_system()
    {
        var bundle = host.Bundle("remount", "grep -E ' /(at|t) ' /proc/self/mountinfo", config =>
        {
            Add(config, "/at", Source("plain"), "bind", "bind");
            Add(config, "/at", null, "none", "bind,remount,ro,noexec");
            Add(config, "/t", null, "tmpfs", "size=64k");
            Add(config, "/t", null, "tmpfs", "remount,size=128k,ro");
        });
        var lines = host.Runtime("run", "--bundle", bundle, "remount").ShouldSucceed().Split('\n');
        lines[0].ShouldContain(" ro,noexec,relatime");
        lines[1].ShouldContain(" ro,relatime");
        lines[1].ShouldEndWith("ro,size=128k");
    }
}
