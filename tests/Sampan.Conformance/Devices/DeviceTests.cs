namespace Sampan.Conformance.Devices;

/// <summary>config-linux.md, "Devices" and "Default Devices"; runtime-linux.md, "Dev symbolic links".</summary>
public class DeviceTests : StatementTest
{
    [Theory]
    [InlineData("c", "character special file")]
    [InlineData("b", "block special file")]
    [InlineData("u", "character special file")]
    [Statement("config-linux.md#devices", "a device of type {0} is there, with its numbers")]
    public void A_device_is_there(string type, string shown) =>
        Output(With(type, "/dev/made", "stat -c '%F %t:%T' /dev/made")).ShouldBe(shown + " 1:b");

    [Fact]
    [Statement("config-linux.md#devices", "a device of type p is a pipe, without numbers")]
    public void A_pipe_is_there()
    {
        var bundle = Script("stat -c %F /dev/made").With(b => b.Linux["devices"] = Json.Parse("""[{"type":"p","path":"/dev/made"}]"""));
        Output(bundle).ShouldBe("fifo");
    }

    [Fact]
    [Statement("config-linux.md#devices", "fileMode, uid and gid are the device's, whatever the runtime's umask")]
    public void It_has_mode_and_owner()
    {
        var bundle = With("c", "/dev/made", "stat -c %a:%u:%g /dev/made");
        bundle.Linux["devices"]![0]!["fileMode"] = 438;
        bundle.Linux["devices"]![0]!["uid"] = 12;
        bundle.Linux["devices"]![0]!["gid"] = 34;
        bundle.Write();
        Host("umask 077; \"$1\" --root \"$2\" run --bundle \"$3\" \"$4\"", OciRuntime.Program, Runtime.Root, bundle.Folder, NewId()).ShouldBe("666:12:34");
    }

    [Fact]
    [Statement("config-linux.md#devices", "a device may be outside /dev")]
    public void It_may_be_anywhere() => Output(With("c", "/opt/deep/made", "stat -c %F /opt/deep/made")).ShouldBe("character special file");

    [Fact]
    [Statement("config-linux.md#devices", "a device may be in a folder of /dev that is not there")]
    public void It_may_be_deep() => Output(With("c", "/dev/deep/made", "stat -c %F /dev/deep/made")).ShouldBe("character special file");

    [Fact]
    [Statement("config-linux.md#devices", "a file in the place of a device that is none is an error")]
    [Differs("runc 1.1.5", "leaves what is there as it is")]
    [Differs("crun 1.8.1", "leaves what is there as it is")]
    [Differs("sampan-runtime", "leaves what is there as it is, as runc and crun do")]
    public void Another_file_is_an_error()
    {
        var bundle = With("c", "/opt/made", "true");
        Directory.CreateDirectory(bundle.In("opt"));
        File.WriteAllText(bundle.In("opt/made"), "");
        ShouldBeRefused(bundle);
    }

    [Fact]
    [Statement("config-linux.md#devices", "a device of other numbers in the place of a device is an error")]
    [Differs("runc 1.1.5", "leaves what is there as it is")]
    [Differs("crun 1.8.1", "leaves what is there as it is")]
    [Differs("sampan-runtime", "leaves what is there as it is, as runc and crun do")]
    public void Another_device_is_an_error()
    {
        var bundle = With("c", "/opt/made", "true");
        Host("mkdir -p \"$1/opt\"; mknod \"$1/opt/made\" c 1 3", bundle.Rootfs);
        ShouldBeRefused(bundle);
    }

    [Fact]
    [Statement("config-linux.md#devices", "the same device in its place is fine")]
    public void The_same_device_is_fine()
    {
        var bundle = With("c", "/opt/made", "stat -c '%F %t:%T' /opt/made");
        Host("mkdir -p \"$1/opt\"; mknod \"$1/opt/made\" c 1 11", bundle.Rootfs);
        Output(bundle).ShouldBe("character special file 1:b");
    }

    [Theory]
    [InlineData("q")]
    [InlineData("")]
    [Statement("config-linux.md#devices", "a type nobody knows (\"{0}\") is an error")]
    [Differs("crun 1.8.1", "makes a character device")]
    public void An_unknown_type_is_an_error(string type) => ShouldBeRefused(With(type, "/dev/made", "true"));

    [Fact]
    [Statement("config-linux.md#devices", "a path is required")]
    [Differs("runc 1.1.5", "ignores the entry")]
    public void A_path_is_required() => ShouldBeRefused(With("c", "", "true"));

    [Theory]
    [InlineData("/dev/null", "1:3")]
    [InlineData("/dev/zero", "1:5")]
    [InlineData("/dev/full", "1:7")]
    [InlineData("/dev/random", "1:8")]
    [InlineData("/dev/urandom", "1:9")]
    [InlineData("/dev/tty", "5:0")]
    [Statement("config-linux.md#default-devices", "{0} is there for everybody")]
    public void A_default_device_is_there(string path, string numbers) =>
        Output(NewBundle().Args("/bin/stat", "-c", "%F %t:%T %a", path)).ShouldBe($"character special file {numbers} 666");

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/zero")]
    [InlineData("/dev/full")]
    [InlineData("/dev/random")]
    [InlineData("/dev/urandom")]
    [Statement("config-linux.md#default-devices", "{0} can be read although the list of allowed devices denies all")]
    public void A_default_device_works(string path) => Output(Script($"head -c 1 {path} | wc -c")).ShouldBe(path == "/dev/null" ? "0" : "1");

    [Fact]
    [Statement("config-linux.md#default-devices", "/dev/ptmx is that of the container's devpts")]
    public void Ptmx_is_the_containers() =>
        Output(Script("[ \"$(stat -Lc %d:%i /dev/ptmx)\" = \"$(stat -c %d:%i /dev/pts/ptmx)\" ] && echo same")).ShouldBe("same");

    [Fact]
    [Statement("config-linux.md#default-devices", "without terminal there is no console device of the host's")]
    public void The_hosts_console_is_not_there() => Output(Script("[ -c /dev/console ] && echo there || echo none")).ShouldBe("none");

    [Theory]
    [InlineData("/dev/fd", "/proc/self/fd")]
    [InlineData("/dev/stdin", "/proc/self/fd/0")]
    [InlineData("/dev/stdout", "/proc/self/fd/1")]
    [InlineData("/dev/stderr", "/proc/self/fd/2")]
    [Statement("runtime-linux.md#dev-symbolic-links", "{0} is a link")]
    public void A_link_is_there(string path, string target) => Output(NewBundle().Args("/bin/readlink", path)).ShouldBe(target);

    private Bundle With(string type, string path, string script) =>
        Script(script).With(b => b.Linux["devices"] = new JsonArray(new JsonObject { ["type"] = type, ["path"] = path, ["major"] = 1, ["minor"] = 11 }));
}
