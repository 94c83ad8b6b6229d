namespace Sampan.Conformance.Filesystem;

/// <summary>Propagation of single mounts (config.md) and of the root file system (config-linux.md).</summary>
public class PropagationTests : StatementTest
{
    private const string Fields = "sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \\/new\\(\\/below\\)* [^ ]* \\(.*\\)- .*/[\\2]/p' /proc/self/mountinfo";

    private const string RootFields = "sed -n 's/^[^ ]* [^ ]* [^ ]* [^ ]* \\/ [^ ]* \\(.*\\)- .*/[\\1]/p' /proc/self/mountinfo";

    [Theory]
    [InlineData("private", @"^\[\]$")]
    [InlineData("shared", @"^\[shared:\d+ (master:\d+ )?\]$")]
    [InlineData("slave", @"^\[master:\d+ \]$")]
    [InlineData("unbindable", @"^\[unbindable \]$")]
    [Statement("config.md#linux-mount-options", "{0} sets the propagation of a bind mount")]
    [Differs("crun 1.8.1", "makes everything private at the end unless rootfsPropagation is set", Rows = ["shared", "slave", "unbindable"])]
    public void One_mount(string option, string fields) => Output(Tree(option)).Split('\n')[0].ShouldMatch(fields);

    [Theory]
    [InlineData("rprivate", @"^\[\]\n\[\]$")]
    [InlineData("rshared", @"^\[shared:\d+ (master:\d+ )?\]\n\[shared:\d+ (master:\d+ )?\]$")]
    [InlineData("rslave", @"^\[master:\d+ \]\n\[master:\d+ \]$")]
    [InlineData("runbindable", @"^\[unbindable \]\n\[unbindable \]$")]
    [Statement("config.md#linux-mount-options", "{0} sets the propagation of a bind mount and of those below it")]
    [Differs("crun 1.8.1", "makes everything private at the end unless rootfsPropagation is set", Rows = ["rshared", "rslave", "runbindable"])]
    public void A_tree(string option, string fields) => Output(Tree(option)).ShouldMatch(fields);

    [Fact]
    [Statement("config.md#linux-mount-options", "what the host mounts below an rslave mount appears in the container")]
    public void A_slave_receives()
    {
        var bundle = Script("echo ready; read line; cat /new/late/file").Mount("/new", "bind", SharedSource(), "rbind", "rslave");
        bundle.Linux["rootfsPropagation"] = "rslave";
        var container = Create(bundle).Start();
        container.Command.Expect("ready");
        Host("mkdir -p $1/late; mount -t tmpfs none $1/late; echo late >$1/late/file", Folder + "/source");
        container.Command.Send("");
        container.Output().ShouldEndWith("late");
    }

    [Fact]
    [Statement("config.md#linux-mount-options", "what the host mounts below an rprivate mount does not appear in the container")]
    public void A_private_one_does_not_receive()
    {
        var container = Create(Script("echo ready; read line; ls /new/late | wc -l").Mount("/new", "bind", SharedSource(), "rbind", "rprivate")).Start();
        container.Command.Expect("ready");
        Host("mkdir -p $1/late; mount -t tmpfs none $1/late; echo late >$1/late/file", Folder + "/source");
        container.Command.Send("");
        container.Output().ShouldEndWith("0");
    }

    [Theory]
    [InlineData("private", @"^\[\]$")]
    [InlineData("rprivate", @"^\[\]$")]
    [InlineData("shared", @"^\[shared:\d+ (master:\d+ )?\]$")]
    [InlineData("rshared", @"^\[shared:\d+ (master:\d+ )?\]$")]
    [InlineData("slave", @"^\[(master:\d+ )?\]$")]
    [InlineData("unbindable", @"^\[unbindable \]$")]
    [Statement("config-linux.md#rootfs-mount-propagation", "rootfsPropagation {0} is the propagation of / inside")]
    [Differs("runc 1.1.5", "/ is private", Rows = ["rshared", "shared"])]
    [Differs("runc 1.1.5", "fails: it binds the root file system after making it unbindable", Rows = ["unbindable"])]
    public void The_root(string value, string fields) =>
        Output(Script(RootFields).With(b => b.Linux["rootfsPropagation"] = value)).ShouldMatch(fields);

    [Fact]
    [Statement("config-linux.md#rootfs-mount-propagation", "without rootfsPropagation a mount made inside does not reach the host")]
    public void Nothing_reaches_the_host()
    {
        Output(Script("mount -t tmpfs none /mnt && echo mounted").Capability("CAP_SYS_ADMIN")).ShouldBe("mounted");
        ShouldLeaveNothing();
    }

    [Fact]
    [Statement("config-linux.md#rootfs-mount-propagation", "an unknown rootfsPropagation is an error")]
    [Differs("crun 1.8.1", "ignores it")]
    public void Unknown_is_an_error() => ShouldBeRefused(NewBundle().With(b => b.Linux["rootfsPropagation"] = "sideways"));

    private string SharedSource()
    {
        var source = Directory.CreateDirectory(Path.Combine(Folder, "source")).FullName;
        Host("mkdir $1/below; mount --bind $1 $1; mount --make-shared $1; mount -t tmpfs none $1/below; mount --make-shared $1/below", source);
        return source;
    }

    private Bundle Tree(string option) => Script(Fields).Mount("/new", "bind", SharedSource(), "rbind", option);
}
