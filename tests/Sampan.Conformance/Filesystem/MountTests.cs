namespace Sampan.Conformance.Filesystem;

/// <summary>config.md, "Mounts".</summary>
public class MountTests : StatementTest
{
    private string Source => Directory.CreateDirectory(Path.Combine(Folder, "source")).FullName;

    [Fact]
    [Statement("config.md#mounts", "mounts are made in the listed order: the later one is on top")]
    public void The_later_is_on_top()
    {
        File.WriteAllText(Source + "/file", "bound");
        Output(Script("ls /mnt").Mount("/mnt", "tmpfs", "tmpfs").Mount("/mnt", "bind", Source, "bind")).ShouldBe("file");
        Output(Script("ls /mnt | wc -l").Mount("/mnt", "bind", Source, "bind").Mount("/mnt", "tmpfs", "tmpfs")).ShouldBe("0");
    }

    [Fact]
    [Statement("config.md#mounts", "a mount may be below an earlier one")]
    public void One_is_below_another() =>
        Output(Script("grep -c ' /mnt' /proc/self/mountinfo").Mount("/mnt", "tmpfs", "tmpfs").Mount("/mnt/deep/er", "tmpfs", "tmpfs")).ShouldBe("2");

    [Fact]
    [Statement("config.md#mounts", "a relative destination is below /")]
    public void A_relative_destination_is_below_the_root() =>
        Output(Script("cut -d' ' -f5 /proc/self/mountinfo | grep mnt").Mount("mnt/sub", "tmpfs", "tmpfs")).ShouldBe("/mnt/sub");

    [Fact]
    [Statement("config.md#mounts", "a destination is required")]
    public void A_destination_is_required() =>
        ShouldBeRefused(NewBundle().With(b => b.Mounts.Add(Json.Parse("""{"type":"tmpfs","source":"tmpfs"}"""))));

    [Fact]
    [Statement("config.md#mounts", "a bind mount of a folder shows the host's folder")]
    public void A_folder_is_bound()
    {
        File.WriteAllText(Source + "/file", "bound");
        Output(Script("cat /mnt/file; echo back >/mnt/back").Mount("/mnt", "bind", Source, "bind")).ShouldBe("bound");
        File.ReadAllText(Source + "/back").ShouldBe("back\n");
    }

    [Fact]
    [Statement("config.md#mounts", "a bind mount of a file shows the host's file")]
    public void A_file_is_bound()
    {
        File.WriteAllText(Source + "/file", "bound");
        Output(Script("cat /etc/passwd").Mount("/etc/passwd", "bind", Source + "/file", "bind")).ShouldBe("bound");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("")]
    [InlineData("ext4")]
    [Statement("config.md#mounts", "options make a bind mount, its type (\"{0}\") is a dummy")]
    public void The_type_of_a_bind_mount_is_a_dummy(string type)
    {
        File.WriteAllText(Source + "/file", "bound");
        Output(Script("cat /mnt/file").Mount("/mnt", type, Source, "rbind")).ShouldBe("bound");
    }

    [Fact]
    [Statement("config.md#mounts", "a relative source of a bind mount is below the bundle")]
    public void A_relative_source_is_below_the_bundle()
    {
        var bundle = Script("cat /mnt/file").Mount("/mnt", "bind", "data", "bind");
        Directory.CreateDirectory(bundle.Folder + "/data");
        File.WriteAllText(bundle.Folder + "/data/file", "bundle");
        Output(bundle).ShouldBe("bundle");
    }

    [Fact]
    [Statement("config.md#mounts", "a bind mount's source must be there")]
    public void A_source_must_exist() => ShouldBeRefused(NewBundle().Mount("/mnt", "none", Folder + "/nowhere", "rbind"));

    [Fact]
    [Statement("config.md#linux-mount-options", "bind takes the one mount, not those below it")]
    public void Bind_is_one_mount()
    {
        MountBelowSource();
        Output(Script("ls /mnt/below").Mount("/mnt", "bind", Source, "bind", "private")).ShouldBe("");
    }

    [Fact]
    [Statement("config.md#linux-mount-options", "rbind takes the mounts below, too")]
    public void Rbind_is_the_tree()
    {
        MountBelowSource();
        Output(Script("ls /mnt/below").Mount("/mnt", "bind", Source, "rbind", "rprivate")).ShouldBe("file");
    }

    [Fact]
    [Statement("config.md#mounts", "a mount point that is missing is made")]
    public void A_mount_point_is_made() => Output(Script("grep -c ' /new/place ' /proc/self/mountinfo").Mount("/new/place", "tmpfs", "tmpfs")).ShouldBe("1");

    [Fact]
    [Statement("config.md#mounts", "a mount point for a file that is missing is made")]
    public void A_mount_point_for_a_file_is_made()
    {
        File.WriteAllText(Source + "/file", "bound");
        Output(Script("cat /new/file").Mount("/new/file", "bind", Source + "/file", "bind")).ShouldBe("bound");
    }

    [Fact]
    [Statement("config.md#mounts", "a destination is inside the container: an absolute symbolic link on the way is followed inside")]
    public void A_link_is_followed_inside()
    {
        var outside = Directory.CreateDirectory(Path.Combine(Folder, "outside")).FullName;
        var bundle = Script("grep -c ' " + outside + "/sub ' /proc/self/mountinfo").Mount("/link/sub", "tmpfs", "tmpfs");
        File.CreateSymbolicLink(bundle.In("link"), outside);
        Directory.CreateDirectory(bundle.In(outside));
        Output(bundle).ShouldBe("1");
        Directory.GetFileSystemEntries(outside).ShouldBeEmpty();
    }

    [Fact]
    [Statement("config.md#mounts", "a destination with .. does not leave the container")]
    public void Dots_stay_inside()
    {
        Run(Script("true").Mount("/../../../../../../" + Folder[1..] + "/escaped", "tmpfs", "tmpfs"));
        Directory.Exists(Folder + "/escaped").ShouldBeFalse();
    }

    [Theory]
    [InlineData("proc")]
    [InlineData("sysfs")]
    [InlineData("tmpfs")]
    [InlineData("mqueue")]
    [InlineData("devpts")]
    [Statement("config.md#posix-platform-mounts", "type {0}, as the kernel lists it, is that file system")]
    public void A_type_is_the_kernels(string type) =>
        Output(Script("sed -n 's/.* \\/new .* - \\([^ ]*\\) .*/\\1/p' /proc/self/mountinfo").Mount("/new", type, type)).ShouldBe(type);

    [Fact]
    [Statement("config.md#posix-platform-mounts", "type cgroup shows the container's control groups")]
    public void Cgroup_shows_the_groups()
    {
        NeedsController("memory");
        var bundle = Script("echo $$; cat /sys/fs/cgroup/memory/cgroup.procs").Mount("/sys", "sysfs", "sysfs", "ro").Mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev");
        Output(bundle).Split('\n').ShouldContain("1");
    }

    [Theory]
    [InlineData("proc")]
    [InlineData("sysfs")]
    [InlineData("devpts")]
    [InlineData("tmpfs")]
    [Statement("config-linux.md#default-filesystems", "{0} is available in its usual place")]
    public void Default_file_systems_are_available(string type)
    {
        var place = type switch { "proc" => "/proc", "sysfs" => "/sys", "devpts" => "/dev/pts", _ => "/dev/shm" };
        Output(Script($"grep -c ' {place} .* - {type} ' /proc/self/mountinfo").Mount("/sys", "sysfs", "sysfs", "ro")).ShouldBe("1");
    }

    [Fact]
    [Statement("config.md#mounts", "an id mapping without options shows the owners mapped")]
    [Differs("runc 1.1.5", "ignores the mapping")]
    public void Ids_are_mapped()
    {
        File.WriteAllText(Source + "/file", "");
        var bundle = Script("stat -c %u:%g /mnt/file").Mount("/mnt", "none", Source, "bind", "idmap");
        bundle.Mounts[^1]!["uidMappings"] = Json.Parse("""[{"containerID":0,"hostID":1000,"size":10}]""");
        bundle.Mounts[^1]!["gidMappings"] = Json.Parse("""[{"containerID":0,"hostID":2000,"size":10}]""");
        Output(bundle).ShouldBe("1000:2000");
    }

    [Fact]
    [Statement("config.md#linux-mount-options", "idmap without mappings of the mount or of a user namespace is an error")]
    [Differs("runc 1.1.5", "ignores the option")]
    public void Idmap_needs_mappings() => ShouldBeRefused(NewBundle().Mount("/mnt", "none", Source, "bind", "idmap"));

    private void MountBelowSource()
    {
        var below = Directory.CreateDirectory(Source + "/below").FullName;
        Host("mount -t tmpfs none \"$1\"", below);
        File.WriteAllText(below + "/file", "");
    }
}
