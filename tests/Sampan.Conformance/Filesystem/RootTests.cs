namespace Sampan.Conformance.Filesystem;

/// <summary>config.md, "Root".</summary>
public class RootTests : StatementTest
{
    [Fact]
    [Statement("config.md#root", "a relative root.path is below the bundle")]
    public void A_relative_path_is_below_the_bundle()
    {
        var bundle = Script("cat /marker");
        File.WriteAllText(bundle.In("marker"), "here");
        Output(bundle).ShouldBe("here");
    }

    [Fact]
    [Statement("config.md#root", "root.path may be absolute")]
    public void An_absolute_path_is_itself()
    {
        var bundle = Script("cat /marker");
        var elsewhere = Path.Combine(Folder, "elsewhere");
        Directory.Move(bundle.Rootfs, elsewhere);
        File.WriteAllText(elsewhere + "/marker", "elsewhere");
        Output(bundle.With(b => b.Config["root"]!["path"] = elsewhere)).ShouldBe("elsewhere");
    }

    [Fact]
    [Statement("config.md#root", "root.path must be there")]
    public void It_must_exist() => ShouldBeRefused(NewBundle().With(b => b.Config["root"]!["path"] = Folder + "/nowhere"));

    [Fact]
    [Statement("config.md#root", "root.path must be a directory")]
    public void It_must_be_a_directory()
    {
        File.WriteAllText(Folder + "/file", "");
        ShouldBeRefused(NewBundle().With(b => b.Config["root"]!["path"] = Folder + "/file"));
    }

    [Fact]
    [Statement("config.md#root", "root is required")]
    public void It_is_required() => ShouldBeRefused(NewBundle().With(b => b.Config.Remove("root")));

    [Fact]
    [Statement("config.md#root", "the root file system is writable unless told otherwise")]
    public void It_is_writable_by_default() => Output(Script("echo written >/file && cat /file")).ShouldBe("written");

    [Fact]
    [Statement("config.md#root", "with readonly the root file system is read-only inside")]
    public void It_can_be_read_only() =>
        Output(Script("echo written >/file || echo refused").With(b => b.Config["root"]!["readonly"] = true)).ShouldBe("refused");

    [Fact]
    [Statement("config.md#root", "readonly is for inside: the host still writes to it")]
    public void It_is_writable_outside()
    {
        var container = Create(Waiting().With(b => b.Config["root"]!["readonly"] = true)).Start();
        File.WriteAllText(container.Bundle.In("file"), "written");
    }

    [Fact]
    [Statement("config.md#root", "mounts below a read-only root keep their own options")]
    public void Mounts_below_it_are_their_own() =>
        Output(Script("echo written >/mnt/file && cat /mnt/file").Mount("/mnt", "tmpfs", "tmpfs").With(b => b.Config["root"]!["readonly"] = true)).ShouldBe("written");

    [Fact]
    [Statement("config.md#root", "/ is the root file system and .. of it is itself: nothing of the host is above")]
    public void Nothing_is_above_it() =>
        Output(Script("ls -d /../../../bin/busybox; [ \"$(stat -c %i /..)\" = \"$(stat -c %i /)\" ] && echo same")).ShouldBe("/../../../bin/busybox\nsame");

    [Fact]
    [Statement("config-linux.md#namespaces", "no mount of the host is in the container's mount table")]
    public void No_mount_of_the_host_is_left() =>
        Output(Script("cut -d' ' -f5 /proc/self/mountinfo")).Split('\n').Order().ShouldBe(["/", "/dev", "/dev/pts", "/dev/shm", "/proc"]);
}
