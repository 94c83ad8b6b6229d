namespace Sampan.EndToEnd.Run;

/// <summary>The container's files: its root, volumes, tmpfs, shared memory.</summary>
public sealed class FilesystemTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private string MakeFolder(string name)
    {
        var folder = Path.Combine(host.Folder, name);
        Directory.CreateDirectory(folder);
        return folder;
    }

    [Fact]
    public void The_root_is_an_overlay_that_only_the_container_sees()
    {
        host.Run("grep ' / ' /proc/mounts | cut -d' ' -f1-3").ShouldBe("overlay / overlay");
        var id = host.Detached("busybox", "sleep", "1000");
        File.ReadAllText("/proc/self/mountinfo").ShouldNotContain(id);
        File.ReadAllText("/proc/self/mountinfo").ShouldNotContain(host.Root);
    }

    [Fact]
    public void Nothing_of_the_hosts_mounts_is_left_inside()
    {
        host.Run("cat /proc/self/mountinfo").ShouldNotContain(" /oldroot");
        host.Run("ls -A / | grep -c -e pivot -e old || true").ShouldBe("0");
    }

    [Fact]
    public void A_read_only_root_refuses_writes_but_not_to_volumes()
    {
        host.Sampan("run", "--rm", "--read-only", "busybox", "touch", "/x").ShouldFail(1, "Read-only file system");
        host.Run("echo kept > /data/x; cat /data/x; echo ok > /dev/shm/x; cat /dev/shm/x", "--read-only", "-v", "/data").ShouldBe("kept\nok");
        host.Run("touch /run/x && echo ok", "--read-only", "--tmpfs", "/run").ShouldBe("ok");
    }

    [Fact]
    public void A_folder_is_bound_read_write_or_read_only()
    {
        var folder = MakeFolder("bound");
        host.Run("echo inside > /mnt/file", "-v", folder + ":/mnt");
        File.ReadAllText(Path.Combine(folder, "file")).ShouldBe("inside\n");
        host.Sampan("run", "--rm", "-v", folder + ":/mnt:ro", "busybox", "touch", "/mnt/x").ShouldFail(1, "Read-only file system");
        host.Run("cat /etc/single", "-v", Path.Combine(folder, "file") + ":/etc/single").ShouldBe("inside");
    }

    [Fact]
    public void A_volume_path_that_is_not_there_is_made_as_docker_does()
    {
        var missing = Path.Combine(host.Folder, "made/by/volume");
        host.Run("ls -A /mnt", "-v", missing + ":/mnt").ShouldBeEmpty();
        Directory.Exists(missing).ShouldBeTrue();
    }

    [Fact]
    public void A_named_volume_keeps_its_files_and_starts_with_the_images()
    {
        host.Run("echo 1 > /data/count", "-v", "counter:/data");
        host.Run("cat /data/count", "-v", "counter:/data").ShouldBe("1");
        host.Sampan("volume", "ls", "-q").ShouldSucceed().Split('\n').ShouldContain("counter");
        // Copy-up: an empty volume begins with what the image has at that place.
        host.Run("ls -A /fresh", "-v", "fresh:/fresh").ShouldBeEmpty("the image has nothing at that place");
        host.Run("grep -c ^root /etc/passwd", "-v", "etc2:/etc").ShouldBe("1");
    }

    [Fact]
    public void An_anonymous_volume_goes_with_its_container()
    {
        var before = host.Sampan("volume", "ls", "-q").ShouldSucceed();
        host.Run("echo x > /data/x", "-v", "/data");
        host.Sampan("volume", "ls", "-q").ShouldSucceed().ShouldBe(before);
    }

    [Fact]
    public void Volumes_are_listed_inspected_and_removed()
    {
        host.Sampan("volume", "create", "mine").ShouldSucceed().ShouldBe("mine");
        host.Sampan("volume", "inspect", "mine").ShouldSucceed().ShouldContain("\"Mountpoint\"");
        var id = host.Sampan("create", "-v", "mine:/data", "busybox").ShouldSucceed();
        host.Sampan("volume", "rm", "mine").ShouldFail(1, "in use");
        host.Sampan("rm", id).ShouldSucceed();
        host.Sampan("volume", "rm", "mine").ShouldSucceed().ShouldBe("mine");
        host.Sampan("volume", "inspect", "mine").ShouldFail(1, "no such volume");
        host.Sampan("volume", "create").ShouldSucceed().ShouldMatch("^[0-9a-f]{64}$");
    }

    [Fact]
    public void A_tmpfs_has_its_size_and_mode()
    {
        host.Run("grep ' /scratch tmpfs ' /proc/mounts", "--tmpfs", "/scratch:size=1m,mode=1770,noexec").ShouldContain("size=1024k");
        host.Run("stat -c %a /scratch", "--tmpfs", "/scratch:mode=1770").ShouldBe("1770");
    }

    [Fact]
    public void Shared_memory_has_its_size()
    {
        host.Run("df -k /dev/shm | tail -1 | awk '{print $2}'").ShouldBe("65536");
        host.Run("df -k /dev/shm | tail -1 | awk '{print $2}'", "--shm-size", "1m").ShouldBe("1024");
    }

    [Fact]
    public void A_rootfs_folder_needs_no_image()
    {
        var rootfs = host.MakeRootFilesystem("plain");
        host.Sampan("run", "--rm", "--rootfs", rootfs, "sh", "-c", "echo changed > /root/x").ShouldSucceed();
        File.ReadAllText(Path.Combine(rootfs, "root/x")).ShouldBe("changed\n");
        host.Sampan("run", "--rm", "--rootfs", Path.Combine(host.Folder, "none"), "sh").ShouldFailInOneLine(125, "none");
    }

    [Fact]
    public void A_link_in_the_image_cannot_lead_a_mount_outside()
    {
        // CVE-2019-16884 and CVE-2021-30465: the target of a mount is a link the image's author wrote.
        var rootfs = host.MakeRootFilesystem("tricky");
        var outside = MakeFolder("outside");
        var inside = MakeFolder("mounted");
        File.WriteAllText(Path.Combine(inside, "mark"), "");
        File.CreateSymbolicLink(Path.Combine(rootfs, "escape"), outside);
        File.CreateSymbolicLink(Path.Combine(rootfs, "climb"), "../../../../../../../../" + outside);
        // Inside the container the links lead here.
        Directory.CreateDirectory(rootfs + outside);
        host.Sampan("run", "--rm", "-v", inside + ":/escape/a", "-v", inside + ":/climb/b", "--rootfs", rootfs, "sh", "-c", "ls /escape/a /climb/b")
            .ShouldSucceed().ShouldContain("mark");
        Directory.GetFileSystemEntries(outside).ShouldBeEmpty();
    }

    [Fact]
    public void The_files_of_the_resolver_are_the_containers_own()
    {
        host.Run("cat /etc/hosts", "-h", "box").ShouldContain("127.0.0.1");
        host.Run("echo 10.1.2.3 added >> /etc/hosts; tail -1 /etc/hosts").ShouldBe("10.1.2.3 added");
        host.Run("test -f /etc/resolv.conf && echo there").ShouldBe("there");
    }

    [Fact]
    public void Writes_of_one_container_are_not_seen_by_another()
    {
        host.Run("rm -rf /etc; echo x > /bin/new");
        host.Run("test -f /etc/passwd && ! test -e /bin/new && echo unchanged").ShouldBe("unchanged");
    }
}
