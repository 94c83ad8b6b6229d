namespace Sampan.EndToEnd.Containers;

/// <summary>cp both ways: docker's rules for names, what is kept of a file, running and stopped containers, streams.</summary>
public sealed class CopyTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private const string Tree =
        "mkdir /d; echo hi > /d/f; ln /d/f /d/g; ln -s f /d/l; mkfifo /d/p; mknod /d/n c 1 3; chown 5:6 /d/f; chmod 4750 /d/f; touch -d '2001-02-03 04:05:06' /d/f; "
        + "ln -s /d /dl; ln -s /etc/passwd /pw; touch /ready; exec sleep 1000";

    private string MakeFolder()
    {
        var folder = Path.Combine(host.Folder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        return folder;
    }

    private string Running(string script = Tree, params string[] options)
    {
        var id = host.Detached(["--cap-add", "mknod", .. options, "busybox", "sh", "-c", script]);
        Patience.ShouldCome(() => host.Sampan("exec", id, "test", "-e", "/ready").ExitCode == 0, "the container made its files");
        return id;
    }

    private static string Shape(string folder) =>
        Host.Shell("cd \"$1\"; find . -printf '%p %y %m %U %G %n %l %T@\n' | LC_ALL=C sort | grep -v '^\\. '", folder);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Everything_of_a_file_comes_out_and_goes_back(bool stopped)
    {
        var id = Running();
        var folder = MakeFolder();
        if (stopped)
        {
            host.Sampan("stop", "-t", "0", id).ShouldSucceed();
        }

        host.Sampan("cp", "-a", id + ":/d", folder).ShouldSucceed().ShouldBeEmpty();
        var shape = Shape(Path.Combine(folder, "d"));
        shape.ShouldContain("./f f 4750 5 6 2  981173106");
        shape.ShouldContain("./g f 4750 5 6 2");
        shape.ShouldContain("./l l 777 0 0 1 f");
        shape.ShouldContain("./p p ");
        shape.ShouldContain("./n c ");
        host.Sampan("cp", Path.Combine(folder, "d"), id + ":/again").ShouldSucceed();
        host.Sampan("cp", "-a", id + ":/again", folder).ShouldSucceed();
        Shape(Path.Combine(folder, "again")).ShouldBe(shape);
        host.Sampan("cp", id + ":/d/f", Path.Combine(folder, "mine")).ShouldSucceed();
        Host.Shell("stat -c %u:%g \"$1\"", Path.Combine(folder, "mine")).Trim().ShouldBe("0:0", "without -a the caller owns the copy");
    }

    [Fact]
    public void Names_follow_dockers_rules()
    {
        var id = Running();
        var folder = MakeFolder();
        string At(string name) => Path.Combine(folder, name);
        host.Sampan("cp", id + ":/d/f", At("new")).ShouldSucceed();
        File.ReadAllText(At("new")).ShouldBe("hi\n");
        Directory.CreateDirectory(At("into"));
        host.Sampan("cp", id + ":/d/f", At("into")).ShouldSucceed();
        File.Exists(At("into/f")).ShouldBeTrue();
        host.Sampan("cp", id + ":/d", At("renamed")).ShouldSucceed();
        File.Exists(At("renamed/f")).ShouldBeTrue();
        host.Sampan("cp", id + ":/d", At("into")).ShouldSucceed();
        File.Exists(At("into/d/f")).ShouldBeTrue();
        Directory.CreateDirectory(At("content"));
        host.Sampan("cp", id + ":/d/.", At("content")).ShouldSucceed();
        File.Exists(At("content/f")).ShouldBeTrue();
        host.Sampan("cp", id + ":/pw", At("link")).ShouldSucceed();
        File.ResolveLinkTarget(At("link"), false)!.FullName.ShouldBe("/etc/passwd");
        host.Sampan("cp", "-L", id + ":/pw", At("followed")).ShouldSucceed();
        File.ReadAllText(At("followed")).ShouldStartWith("root:");
        host.Sampan("cp", id + ":/dl/", At("through")).ShouldSucceed();
        File.Exists(At("through/f")).ShouldBeTrue();
        host.Sampan("cp", At("new"), id + ":/dl").ShouldSucceed();
        host.Sampan("exec", id, "cat", "/d/new").ShouldSucceed().ShouldBe("hi");
        host.Sampan("cp", At("new"), id + ":relative").ShouldSucceed();
        host.Sampan("exec", id, "cat", "/relative").ShouldSucceed().ShouldBe("hi");
    }

    [Fact]
    public void Errors_have_dockers_words()
    {
        var id = Running();
        var name = host.Inspect(id).GetProperty("Name").GetString()![1..];
        var folder = MakeFolder();
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "x");
        host.Sampan("cp", id + ":/nope", folder).ShouldFailInOneLine(1, "Could not find the file /nope in container " + name);
        host.Sampan("cp", id + ":/d", file).ShouldFailInOneLine(1, "cannot copy directory");
        host.Sampan("cp", id + ":/d/f", Path.Combine(folder, "none") + "/").ShouldFailInOneLine(1, "no such directory");
        host.Sampan("cp", id + ":/d/f", Path.Combine(folder, "none/f")).ShouldFailInOneLine(1, "invalid output path: directory", "does not exist");
        host.Sampan("cp", id + ":/d/f", "/dev/null").ShouldFailInOneLine(1, "must be a directory or a regular file: got a device");
        host.Sampan("cp", Path.Combine(folder, "none"), id + ":/").ShouldFailInOneLine(1, "lstat", "no such file or directory");
        host.Sampan("cp", file, id + ":/none/f").ShouldFailInOneLine(1, "Could not find the file /none in container " + name);
        host.Sampan("cp", folder, id + ":/d/f").ShouldFailInOneLine(1, "cannot copy directory");
        host.Sampan("cp", file, id + ":/proc/").ShouldFailInOneLine(1, "view of the kernel");
        host.Sampan("cp", id + ":/proc/version", folder).ShouldFailInOneLine(1, "Could not find the file /proc/version");
        host.Sampan("cp", "a", "b").ShouldFailInOneLine(1, "must specify at least one container source");
        host.Sampan("cp", "a:/x", "b:/x").ShouldFailInOneLine(1, "copying between containers is not supported");
        host.Sampan("cp", "nobody:/x", folder).ShouldFailInOneLine(1, "No such container: nobody");
        host.Sampan("cp", "-", id + ":/d/f").ShouldFailInOneLine(1, "must be a directory");
        Directory.CreateDirectory(Path.Combine(folder, "t/sub"));
        File.WriteAllText(Path.Combine(folder, "sub"), "a file");
        host.Sampan("cp", Path.Combine(folder, "t/sub"), id + ":/tmp").ShouldSucceed();
        host.Sampan("cp", Path.Combine(folder, "sub"), id + ":/tmp").ShouldFailInOneLine(1, "cannot overwrite directory \"sub\" with non-directory");
    }

    [Fact]
    public void What_is_mounted_is_written_and_never_replaced()
    {
        var folder = MakeFolder();
        File.WriteAllText(Path.Combine(folder, "file"), "new");
        var shared = MakeFolder();
        var id = Running("touch /ready; exec sleep 1000", "-v", "copied:/data", "-v", shared + ":/ro:ro", "-v", shared + ":/rw", "--tmpfs", "/scratch");
        host.Sampan("cp", Path.Combine(folder, "file"), id + ":/data/").ShouldSucceed();
        host.Sampan("cp", Path.Combine(folder, "file"), id + ":/rw/").ShouldSucceed();
        host.Sampan("cp", Path.Combine(folder, "file"), id + ":/scratch/").ShouldSucceed();
        File.ReadAllText(Path.Combine(shared, "file")).ShouldBe("new");
        host.Sampan("exec", id, "cat", "/data/file", "/scratch/file").ShouldSucceed().ShouldBe("newnew");
        host.Sampan("cp", Path.Combine(folder, "file"), id + ":/ro/x").ShouldFailInOneLine(1, "mounted volume is marked read-only");
        var hosts = host.Sampan("exec", id, "cat", "/etc/hosts").ShouldSucceed();
        host.Sampan("cp", Path.Combine(folder, "file"), id + ":/etc/hosts").ShouldFailInOneLine(1, "device or resource busy");
        host.Sampan("exec", id, "cat", "/etc/hosts").ShouldSucceed().ShouldBe(hosts);
        host.Sampan("stop", "-t", "0", id).ShouldSucceed();
        host.Sampan("cp", Path.Combine(folder, "file"), id + ":/data/stopped").ShouldSucceed();
        host.Sampan("cp", Path.Combine(folder, "file"), id + ":/ro/x").ShouldFailInOneLine(1, "mounted volume is marked read-only");
        host.Run("cat /data/stopped", "-v", "copied:/data").ShouldBe("new");
        File.ReadAllText("/proc/self/mountinfo").ShouldNotContain(host.Root);
        host.Sampan("start", id).ShouldSucceed();
        var locked = Running("touch /tmp/x; exec sleep 1000", "--read-only", "--tmpfs", "/tmp", "-v", "/ready");
        host.Sampan("cp", Path.Combine(folder, "file"), locked + ":/etc/x").ShouldFailInOneLine(1, "container rootfs is marked read-only");
    }

    [Fact]
    public void A_container_never_started_gets_the_files_it_starts_with()
    {
        var folder = MakeFolder();
        File.WriteAllText(Path.Combine(folder, "script"), "#!/bin/sh\necho started with $(cat /fresh/data)\n");
        File.WriteAllText(Path.Combine(folder, "data"), "it");
        Host.Shell("chmod 755 \"$1\"", Path.Combine(folder, "script"));
        var id = host.Sampan("create", "-v", "/fresh", "busybox", "/script").ShouldSucceed();
        host.Sampan("cp", Path.Combine(folder, "script"), id + ":/script").ShouldSucceed();
        host.Sampan("cp", Path.Combine(folder, "data"), id + ":/fresh").ShouldSucceed();
        host.Sampan("start", "-a", id).ShouldSucceed().ShouldBe("started with it");
    }

    [Fact]
    public void Streams_are_tar_archives_packed_or_not()
    {
        var id = Running();
        var folder = MakeFolder();
        var command = string.Join(' ', host.Arguments().Select(argument => $"'{argument}'"));
        string Sh(string script) => Host.Shell($"sampan() {{ '{Host.Binary}' {command} \"$@\"; }}; cd \"$1\"; " + script, folder).TrimEnd('\n');
        Sh($"sampan cp {id}:/d - | tar tf - | tr '\\n' ' '").ShouldBe("d/ d/f d/g d/l d/n d/p ");
        Sh($"sampan cp {id}:/d/. - | tar tf - | head -1").ShouldBe("./");
        Sh($"mkdir up; echo 1 > up/a; ln up/a up/b; tar czf - up | sampan cp - {id}:/tmp; sampan exec {id} stat -c %h /tmp/up/b").ShouldBe("2");
        Sh($"tar cf - up | sampan cp - {id}:/dl; sampan exec {id} cat /d/up/a").ShouldBe("1");
        host.SampanWithInput("this is no archive", "cp", "-", id + ":/tmp").ShouldFail(1, "tar");
        Sh($"mkdir packed; for kind in xz bzip2 zstd; do echo $kind > packed/$kind; tar -c --$kind -f - packed | sampan cp - {id}:/tmp; done; sampan exec {id} ls /tmp/packed").ShouldBe("bzip2\nxz\nzstd");
        Sh($"printf '\\3757zXZ\\0junkjunkjunk' | sampan cp - {id}:/tmp 2>&1 || true").ShouldContain("xz: the compressed data is damaged");
    }

    [Fact]
    public void A_gigabyte_passes_in_little_memory()
    {
        var id = Running();
        var folder = MakeFolder();
        var command = string.Join(' ', host.Arguments().Select(argument => $"'{argument}'"));
        Host.Shell("truncate -s 1G \"$1/big\"; head -c 200000000 /dev/urandom | dd of=\"$1/big\" conv=notrunc bs=1M seek=100 status=none", folder);
        Host.Shell($"bash -c \"ulimit -v 400000; '{Host.Binary}' {command} cp '$1/big' {id}:/big\"", folder);
        Host.Shell($"bash -c \"ulimit -v 400000; '{Host.Binary}' {command} cp {id}:/big '$1/back'\"; cmp \"$1/big\" \"$1/back\"", folder);
        Host.Shell($"'{Host.Binary}' {command} cp {id}:/big - | tar xOf - big | cmp - \"$1/big\"", folder);
        Host.Shell("test $(stat -c %b \"$1/back\") -lt 1000000", folder);
    }
}
