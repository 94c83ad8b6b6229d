namespace Sampan.Conformance.Filesystem;

/// <summary>config.md, "Linux mount options": each does what mount(8) says.</summary>
public class MountOptionTests : StatementTest
{
    private const string Options = "sed -n 's/.* \\/new \\([^ ]*\\) .*/\\1/p' /proc/self/mountinfo";
    private const string SuperOptions = "sed -n 's/.* \\/new .* - [^ ]* [^ ]* //p' /proc/self/mountinfo";

    [Theory]
    [InlineData("ro")]
    [InlineData("nosuid")]
    [InlineData("nodev")]
    [InlineData("noexec")]
    [InlineData("noatime")]
    [InlineData("nodiratime")]
    [InlineData("relatime")]
    [InlineData("nosymfollow")]
    [Statement("config.md#linux-mount-options", "{0} is set on a new file system")]
    [Differs("crun 1.8.1", "does not know it", Rows = ["nosymfollow"])]
    public void It_is_set_on_a_file_system(string option) =>
        Output(Script(Options).Mount("/new", "tmpfs", "tmpfs", option)).Split(',').ShouldContain(option);

    [Theory]
    [InlineData("ro")]
    [InlineData("nosuid")]
    [InlineData("nodev")]
    [InlineData("noexec")]
    [InlineData("noatime")]
    [InlineData("nodiratime")]
    [InlineData("nosymfollow")]
    [Statement("config.md#linux-mount-options", "{0} is set on a bind mount")]
    [Differs("crun 1.8.1", "does not know it", Rows = ["nosymfollow"])]
    public void It_is_set_on_a_bind_mount(string option) =>
        Output(Script(Options).Mount("/new", "bind", Folder, "bind", option)).Split(',').ShouldContain(option);

    [Theory]
    [InlineData("rw", "ro")]
    [InlineData("suid", "nosuid")]
    [InlineData("dev", "nodev")]
    [InlineData("exec", "noexec")]
    [InlineData("atime", "noatime")]
    [InlineData("diratime", "nodiratime")]
    [InlineData("symfollow", "nosymfollow")]
    [Statement("config.md#linux-mount-options", "{0} after its opposite undoes it")]
    [Differs("crun 1.8.1", "a flag once set stays", Rows = ["atime", "dev", "diratime", "exec", "rw", "suid"])]
    [Differs("crun 1.8.1", "does not know it", Rows = ["symfollow"])]
    public void The_last_one_counts(string option, string opposite) =>
        Output(Script(Options).Mount("/new", "tmpfs", "tmpfs", opposite, option)).Split(',').ShouldNotContain(opposite);

    [Fact]
    [Statement("config.md#linux-mount-options", "strictatime sets neither relatime nor noatime")]
    public void Strictatime_is_strict()
    {
        var options = Output(Script(Options).Mount("/new", "tmpfs", "tmpfs", "strictatime")).Split(',');
        options.ShouldNotContain("relatime");
        options.ShouldNotContain("noatime");
    }

    [Theory]
    [InlineData("sync")]
    [InlineData("dirsync")]
    [InlineData("lazytime")]
    [Statement("config.md#linux-mount-options", "{0} is set on the file system")]
    public void It_is_set_on_the_superblock(string option) =>
        Output(Script(SuperOptions).Mount("/new", "tmpfs", "tmpfs", option)).Split(',').ShouldContain(option);

    [Theory]
    [InlineData("async")]
    [InlineData("defaults")]
    [InlineData("loud")]
    [InlineData("silent")]
    [InlineData("nolazytime")]
    [InlineData("norelatime")]
    [InlineData("nostrictatime")]
    [InlineData("iversion")]
    [InlineData("noiversion")]
    [Statement("config.md#linux-mount-options", "{0} is known: it is not passed on as a word of the file system")]
    [Differs("runc 1.1.5", "passes it to the file system, which refuses it", Rows = ["defaults"])]
    [Differs("crun 1.8.1", "passes it to the file system, which refuses it", Rows = ["iversion", "loud", "noiversion", "silent"])]
    public void It_is_known(string option) => Output(Script(Options).Mount("/new", "tmpfs", "tmpfs", option)).ShouldStartWith("rw");

    [Theory]
    [InlineData("rro", "ro")]
    [InlineData("rnosuid", "nosuid")]
    [InlineData("rnodev", "nodev")]
    [InlineData("rnoexec", "noexec")]
    [InlineData("rnoatime", "noatime")]
    [InlineData("rnodiratime", "nodiratime")]
    [InlineData("rnosymfollow", "nosymfollow")]
    [Statement("config.md#linux-mount-options", "{0} is set on the bind mount and on those below it")]
    [Differs("crun 1.8.1", "asks mount_setattr(2) for something it refuses (EINVAL)", Rows = ["rnoatime", "rnodiratime"])]
    [Differs("crun 1.8.1", "does not know it", Rows = ["rnosymfollow"])]
    public void It_is_recursive(string option, string shown)
    {
        var lines = Output(Tree("", option)).Split('\n');
        lines.Length.ShouldBe(2);
        lines.ShouldAllBe(line => line.Split(',', StringSplitOptions.None).Contains(shown));
    }

    [Theory]
    [InlineData("rrw", "ro")]
    [InlineData("rsuid", "nosuid")]
    [InlineData("rdev", "nodev")]
    [InlineData("rexec", "noexec")]
    [InlineData("ratime", "noatime")]
    [InlineData("rdiratime", "nodiratime")]
    [InlineData("rsymfollow", "nosymfollow")]
    [InlineData("rstrictatime", "relatime")]
    [Statement("config.md#linux-mount-options", "{0} clears its opposite on the bind mount and on those below it")]
    [Differs("runc 1.1.5", "asks mount_setattr(2) for something it refuses (EINVAL)", Rows = ["ratime"])]
    [Differs("crun 1.8.1", "clears it on the upper mount alone", Rows = ["rsymfollow"])]
    [Differs("crun 1.8.1", "asks mount_setattr(2) for something it refuses (EINVAL)", Rows = ["ratime", "rdiratime", "rstrictatime"])]
    public void It_clears_recursively(string option, string cleared)
    {
        var lines = Output(Tree(cleared, option)).Split('\n');
        lines.Length.ShouldBe(2);
        lines.ShouldAllBe(line => !line.Split(',', StringSplitOptions.None).Contains(cleared));
    }

    [Fact]
    [Statement("config.md#linux-mount-options", "ro is for the one mount: those below an rbind stay writable")]
    public void Ro_is_not_recursive()
    {
        var lines = Output(Tree("", "ro")).Split('\n');
        lines[0].ShouldStartWith("ro");
        lines[1].ShouldStartWith("rw");
    }

    [Fact]
    [Statement("config.md#linux-mount-options", "remount changes an earlier mount")]
    public void Remount_changes()
    {
        var bundle = Script(Options).Mount("/new", "tmpfs", "tmpfs").Mount("/new", "tmpfs", "tmpfs", "remount", "ro");
        Output(bundle).ShouldStartWith("ro");
    }

    [Theory]
    [InlineData("size=64k", "size=64k")]
    [InlineData("mode=711", "mode=711")]
    [InlineData("nr_inodes=77", "nr_inodes=77")]
    [Statement("config.md#linux-mount-options", "an option the runtime does not know ({0}) is passed to the file system")]
    public void Others_are_the_file_systems(string option, string shown) =>
        Output(Script(SuperOptions).Mount("/new", "tmpfs", "tmpfs", option)).Split(',').ShouldContain(shown);

    [Fact]
    [Statement("config.md#linux-mount-options", "an option neither the runtime nor the file system knows is an error")]
    public void Unknown_ones_are_an_error() => ShouldBeRefused(NewBundle().Mount("/new", "tmpfs", "tmpfs", "nosuchoption"));

    [Fact]
    [Statement("config.md#linux-mount-options", "tmpcopyup fills a tmpfs with what it hides")]
    public void Tmpcopyup_copies()
    {
        var bundle = Script("cat /full/file; echo new >/full/file").Mount("/full", "tmpfs", "tmpfs", "tmpcopyup");
        Directory.CreateDirectory(bundle.In("full"));
        File.WriteAllText(bundle.In("full/file"), "old");
        Output(bundle).ShouldBe("old");
        File.ReadAllText(bundle.In("full/file")).ShouldBe("old");
    }

    [Theory]
    [InlineData("nodev", "dd if=/new/null of=/dev/null count=1 2>&1 || true", "ermission denied")]
    [InlineData("noexec", "/new/true 2>&1 || true", "ermission denied")]
    [InlineData("ro", "touch /new/file 2>&1 || true", "ead-only")]
    [InlineData("nosymfollow", "cat /new/link 2>&1 || true", "oo many levels")]
    [Statement("config.md#linux-mount-options", "{0} is enforced")]
    [Differs("crun 1.8.1", "does not know it", Rows = ["nosymfollow"])]
    public void It_is_enforced(string option, string script, string message)
    {
        var source = Directory.CreateDirectory(Path.Combine(Folder, "source")).FullName;
        Host("mount -t tmpfs none $1; mknod $1/null c 1 3; cp /bin/busybox $1/true; echo >$1/target; ln -s target $1/link", source);
        Output(Script(script).Mount("/new", "bind", source, "bind", option)).ShouldContain(message);
    }

    private Bundle Tree(string before, string option)
    {
        var source = Directory.CreateDirectory(Path.Combine(Folder, "source")).FullName;
        Host("mount --bind -o \"${2:-rw}\" $1 $1; [ -z \"$2\" ] || mount -o remount,bind,$2 $1; mkdir -p $1/below; mount -t tmpfs ${2:+-o $2} none $1/below 2>/dev/null", Prepared(source), before);
        return Script("sed -n 's/.* \\/new[^ ]* \\([^ ]*\\) .*/\\1/p' /proc/self/mountinfo").Mount("/new", "bind", source, "rbind", option);
    }

    private static string Prepared(string source)
    {
        Directory.CreateDirectory(source + "/below");
        return source;
    }
}
