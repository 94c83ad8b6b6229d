using System.Text.Json;

namespace Sampan.EndToEnd.Images;

/// <summary>images, import, load, save, tag, rmi, inspect, history, commit.</summary>
public sealed class ImageTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private string Archive(string options, string extension)
    {
        var rootfs = Path.Combine(host.Folder, "tree");
        if (!Directory.Exists(rootfs))
        {
            host.MakeRootFilesystem("tree");
        }

        var file = Path.Combine(host.Folder, "tree." + extension);
        Host.Shell("tar $1 -cf \"$2\" -C \"$3\" .", options, file, rootfs);
        return file;
    }

    [Theory]
    [InlineData("--format=gnu", "tar")]
    [InlineData("--format=pax", "pax.tar")]
    [InlineData("--gzip", "tar.gz")]
    [InlineData("--zstd", "tar.zst")]
    public void Import_reads_archives_packed_or_not(string options, string extension)
    {
        var file = Archive(options, extension);
        var name = "from-" + extension.Replace('.', '-');
        var id = host.Sampan("import", file, name).ShouldSucceed();
        id.ShouldMatch("^sha256:[0-9a-f]{64}$");
        host.Sampan("run", "--rm", name, "sh", "-c", "test -x /bin/busybox && stat -c %a /tmp").ShouldSucceed().ShouldBe("1777");
        Host.Shell("cat \"$1\" | \"${@:2}\" import -c 'ENV FROM=stdin' -c 'CMD [\"env\"]' - piped:1", [file, Host.Binary, .. host.Arguments()]).ShouldStartWith("sha256:");
        host.Sampan("run", "--rm", "piped:1").ShouldSucceed().ShouldContain("FROM=stdin");
    }

    [Fact]
    public void Import_keeps_owners_modes_links_devices_and_attributes()
    {
        var tree = Path.Combine(host.Folder, "rich");
        Host.Shell("""
            mkdir -p "$1/etc" "$1/bin"; cp /bin/busybox "$1/bin/busybox"; ln -s busybox "$1/bin/sh"
            echo data > "$1/etc/file"; ln "$1/etc/file" "$1/etc/hard"; ln -s file "$1/etc/soft"
            chown 1234:5678 "$1/etc/file"; chmod 4755 "$1/bin/busybox"; touch -d '2001-02-03 04:05:06.789 UTC' "$1/etc/file"
            mknod "$1/etc/device" c 1 3; mkfifo "$1/etc/pipe"
            truncate -s 5M "$1/etc/sparse"; printf end >> "$1/etc/sparse"
            mkdir "$1/$(printf 'n%.0s' $(seq 120))"; echo deep > "$1/$(printf 'n%.0s' $(seq 120))/$(printf 'm%.0s' $(seq 120))"
            tar --format=pax --sparse --xattrs -C "$1" -cf "$1.tar" .
            """, tree);
        host.Sampan("import", tree + ".tar", "rich").ShouldSucceed();
        host.Sampan("run", "--rm", "rich", "/bin/busybox", "sh", "-c", "busybox stat -c '%u:%g %h %Y' /etc/file; busybox stat -c %a /bin/busybox; busybox readlink /etc/soft; busybox stat -c '%F %t:%T' /etc/device; busybox stat -c %F /etc/pipe; busybox stat -c '%s' /etc/sparse; busybox tail -c 3 /etc/sparse; echo; busybox cat /nnn*/mmm*")
            .ShouldSucceed().ShouldBe("1234:5678 2 981173106\n4755\nfile\ncharacter special file 1:3\nfifo\n5242883\nend\ndeep");
    }

    [Fact]
    public void Images_has_dockers_columns()
    {
        var lines = host.Sampan("images").ShouldSucceed().Split('\n');
        lines[0].ShouldMatch("^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE$");
        lines.ShouldContain(line => line.StartsWith("busybox ") && line.Contains(" latest "));
        host.Sampan("images", "-q", "busybox").ShouldSucceed().ShouldMatch("^[0-9a-f]{12}$");
        host.Sampan("images", "-q", "--no-trunc", "busybox").ShouldSucceed().ShouldMatch("^sha256:[0-9a-f]{64}$");
        host.Sampan("images", "--format", "{{.Repository}}:{{.Tag}}", "busybox").ShouldSucceed().ShouldBe("busybox:latest");
    }

    [Fact]
    public void A_tag_is_another_name_and_the_image_lives_until_the_last_is_gone()
    {
        host.Sampan("tag", "busybox", "example.com:5000/team/other:v1").ShouldSucceed();
        host.Sampan("run", "--rm", "example.com:5000/team/other:v1", "echo", "same").ShouldSucceed().ShouldBe("same");
        host.Sampan("rmi", "example.com:5000/team/other:v1").ShouldSucceed().ShouldBe("Untagged: example.com:5000/team/other:v1");
        host.Sampan("run", "--rm", "busybox", "true").ShouldSucceed();
        host.Sampan("tag", "nothing", "x").ShouldFail(1, "No such image: nothing:latest");
        host.Sampan("tag", "busybox", "UPPER").ShouldFail(1, "UPPER");
    }

    [Fact]
    public void Rmi_refuses_what_a_container_uses()
    {
        host.Sampan("tag", "busybox", "used").ShouldSucceed();
        host.Sampan("run", "--name", "maker", "busybox", "touch", "/x").ShouldSucceed();
        host.Sampan("commit", "maker", "used").ShouldSucceed();
        host.Sampan("create", "--name", "user", "used").ShouldSucceed();
        host.Sampan("rmi", "used").ShouldFail(1, "container", "is using");
        host.Sampan("rm", "user", "maker").ShouldSucceed();
        var removed = host.Sampan("rmi", "used").ShouldSucceed();
        removed.ShouldContain("Untagged: used:latest");
        removed.ShouldContain("Deleted: sha256:");
        host.Sampan("rmi", "used").ShouldFail(1, "No such image: used:latest");
    }

    [Fact]
    public void Save_writes_what_docker_loads_and_load_reads_it_back()
    {
        var file = Path.Combine(host.Folder, "saved.tar");
        var id = host.Sampan("images", "-q", "--no-trunc", "busybox").ShouldSucceed();
        host.Sampan("tag", "busybox", "copy:1").ShouldSucceed();
        host.Sampan("save", "-o", file, "busybox", "copy:1").ShouldSucceed();
        using var manifest = JsonDocument.Parse(Host.Shell("tar -xOf \"$1\" manifest.json", file));
        manifest.RootElement.EnumerateArray().SelectMany(entry => entry.GetProperty("RepoTags").EnumerateArray()).Select(tag => tag.GetString())
            .ShouldBe(["busybox:latest", "copy:1"], ignoreOrder: true);
        foreach (var layer in manifest.RootElement[0].GetProperty("Layers").EnumerateArray())
        {
            Host.Shell("tar -tf \"$1\" \"$2\" && tar -xOf \"$1\" \"$2\" | tar -t >/dev/null", file, layer.GetString()!);
        }

        using var other = new Host();
        other.Sampan("load", "-i", file).ShouldSucceed().Split('\n').ShouldBe(["Loaded image: busybox:latest", "Loaded image: copy:1"], ignoreOrder: true);
        other.Sampan("images", "-q", "--no-trunc", "busybox").ShouldSucceed().ShouldBe(id);
        other.Sampan("run", "--rm", "busybox", "echo", "loaded").ShouldSucceed().ShouldBe("loaded");

        using var piped = new Host();
        Host.Shell("gzip -c \"$1\" | \"${@:2}\" load", [file, Host.Binary, .. piped.Arguments()]).ShouldContain("Loaded image: busybox:latest");
        host.Sampan("rmi", "copy:1").ShouldSucceed();
    }

    [Fact]
    public void Save_to_a_terminal_is_refused()
    {
        using var terminal = host.OnTerminal("save", "busybox");
        terminal.Expect("terminal");
        terminal.Wait().ShouldBe(1);
    }

    [Fact]
    public void A_folder_of_an_oci_layout_packed_loads_too()
    {
        var file = Path.Combine(host.Folder, "layout.tar");
        host.Sampan("save", "-o", file, "busybox").ShouldSucceed();
        var names = Host.Shell("tar -tf \"$1\"", file).Split('\n').Select(name => name.TrimStart('.', '/')).ToArray();
        names.ShouldContain("oci-layout");
        names.ShouldContain("index.json");
        Host.Shell("mkdir \"$2\"; tar -xf \"$1\" -C \"$2\"; rm -f \"$2/manifest.json\" \"$2/repositories\"; tar -cf \"$1\" -C \"$2\" .", file, Path.Combine(host.Folder, "layout"));
        using var other = new Host();
        other.Sampan("load", "-i", file).ShouldSucceed().ShouldContain("busybox:latest");
        other.Sampan("run", "--rm", "busybox", "true").ShouldSucceed();
    }

    [Fact]
    public void The_store_is_an_oci_layout()
    {
        File.Exists(Path.Combine(host.Root, "oci-layout")).ShouldBeTrue();
        using var index = JsonDocument.Parse(File.ReadAllText(Path.Combine(host.Root, "index.json")));
        index.RootElement.GetProperty("schemaVersion").GetInt32().ShouldBe(2);
        foreach (var manifest in index.RootElement.GetProperty("manifests").EnumerateArray())
        {
            var digest = manifest.GetProperty("digest").GetString()!["sha256:".Length..];
            Host.Shell("sha256sum < \"$1\" | cut -d' ' -f1", Path.Combine(host.Root, "blobs/sha256", digest)).ShouldBe(digest);
        }
    }

    [Fact]
    public void Commit_keeps_changes_deletions_and_settings()
    {
        host.Sampan("run", "--name", "changed", "-e", "A=1", "busybox", "sh", "-c", "echo new > /new; rm /etc/group; rm -rf /home; mkdir /home; touch /home/fresh; chmod 700 /tmp").ShouldSucceed();
        host.Sampan("commit", "-m", "a message", "-a", "an author", "-c", "CMD [\"cat\", \"/new\"]", "changed", "result:2").ShouldSucceed();
        host.Sampan("run", "--rm", "result:2").ShouldSucceed().ShouldBe("new");
        host.Sampan("run", "--rm", "result:2", "sh", "-c", "test ! -e /etc/group && ls /home && stat -c %a /tmp && echo $A").ShouldSucceed().ShouldBe("fresh\n700\n1");
        host.Sampan("history", "result:2").ShouldSucceed().ShouldContain("a message");
        host.Sampan("history", "--format", "{{.ID}}", "-q", "result:2").ShouldSucceed().Split('\n').Length.ShouldBe(2);
        var inspected = host.Inspect("result:2");
        inspected.GetProperty("Author").GetString().ShouldBe("an author");
        inspected.GetProperty("RootFS").GetProperty("Layers").GetArrayLength().ShouldBe(2);

        // The new layer holds the difference only, and the deletions as whiteouts for whoever loads it.
        var file = Path.Combine(host.Folder, "result.tar");
        host.Sampan("save", "-o", file, "result:2").ShouldSucceed();
        using var manifest = JsonDocument.Parse(Host.Shell("tar -xOf \"$1\" manifest.json", file));
        var names = Host.Shell("tar -xOf \"$1\" \"$2\" | tar -t", file, manifest.RootElement[0].GetProperty("Layers")[1].GetString()!).Split('\n').Select(name => name.TrimStart('.', '/')).ToArray();
        // TrimStart ate the dot of ".wh." when the name began with it; what matters is the marker's tail.
        names.ShouldContain(name => name.EndsWith("etc/.wh.group"));
        names.ShouldContain(name => name.EndsWith(".wh..wh..opq"));
        names.ShouldNotContain(name => name.StartsWith("bin/"));
    }

    [Fact]
    public void A_running_container_can_be_committed()
    {
        var id = host.Detached("busybox", "sh", "-c", "echo early > /early; exec sleep 1000");
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-e", "/early").ExitCode == 0, "it writes");
        host.Sampan("commit", id, "live").ShouldSucceed();
        host.Sampan("run", "--rm", "live", "cat", "/early").ShouldSucceed().ShouldBe("early");
        host.Status(id).ShouldBe("running");
    }
}
