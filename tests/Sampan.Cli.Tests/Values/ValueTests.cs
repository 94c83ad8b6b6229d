using Sampan.Cli.Values;
using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Tests.Values;

public sealed class ValueTests
{
    [Theory]
    [InlineData("100m", 104857600)]
    [InlineData("0.5g", 536870912)]
    [InlineData(".5g", 536870912)]
    [InlineData("32", 32)]
    [InlineData("32b", 32)]
    [InlineData("1k", 1024)]
    [InlineData("1KB", 1024)]
    [InlineData("64MiB", 67108864)]
    [InlineData("64 MiB", 67108864)]
    [InlineData("2t", 2199023255552)]
    public void Sizes(string text, long bytes) => ByteSize.Parse(text).ShouldBe(bytes);

    [Theory]
    [InlineData("x", "invalid size: 'x'")]
    [InlineData("", "invalid size: ''")]
    [InlineData("-1", "invalid size: '-1'")]
    [InlineData("1x", "invalid suffix: 'x'")]
    [InlineData("1kx", "invalid suffix: 'kx'")]
    [InlineData("1bb", "invalid suffix: 'bb'")]
    [InlineData("99999999p", "invalid size: '99999999p'")]
    public void Sizes_that_are_none(string text, string message) => Should.Throw<ValueException>(() => ByteSize.Parse(text)).Message.ShouldBe(message);

    [Fact]
    public void Swap_may_be_unlimited() => ByteSize.ParseOrUnlimited("-1").ShouldBe(-1);

    [Theory]
    [InlineData("0.5", 500_000_000)]
    [InlineData("2", 2_000_000_000)]
    [InlineData("1.000000001", 1_000_000_001)]
    public void Cpus(string text, long nano) => CpuCount.Parse(text).ShouldBe(nano);

    [Theory]
    [InlineData("x", "failed to parse x as a rational number")]
    [InlineData("0.0000000001", "value is too precise")]
    public void Cpus_that_are_none(string text, string message) => Should.Throw<ValueException>(() => CpuCount.Parse(text)).Message.ShouldBe(message);

    [Theory]
    [InlineData("300ms", 300)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("-1.5s", -1500)]
    [InlineData("0", 0)]
    [InlineData("2us", 0.002)]
    public void Durations(string text, double milliseconds) => Duration.Parse(text).TotalMilliseconds.ShouldBe(milliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5x")]
    [InlineData("s")]
    public void Durations_that_are_none(string text) => Duration.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Times()
    {
        var now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        TimeArgument.Parse("42m", now).ShouldBe(now.AddMinutes(-42));
        TimeArgument.Parse("2013-01-02T13:23:37Z", now).ShouldBe(new DateTimeOffset(2013, 1, 2, 13, 23, 37, TimeSpan.Zero));
        TimeArgument.Parse("1136073600.5", now).ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1136073600500));
        TimeArgument.Parse("1h30m", now).ShouldBe(now.AddMinutes(-90));
        TimeArgument.Parse("-1h", now).ShouldBe(now.AddHours(1));
        TimeArgument.Parse("0", now).ShouldBe(DateTimeOffset.UnixEpoch);
        TimeArgument.Parse("2013-01-02T13:23:37.123456789Z", now).ShouldBe(new DateTimeOffset(2013, 1, 2, 13, 23, 37, TimeSpan.Zero).AddTicks(1234567));
        TimeArgument.Parse("2013-01-02T13:23:37+02:00", now).ShouldBe(new DateTimeOffset(2013, 1, 2, 11, 23, 37, TimeSpan.Zero));
        TimeArgument.Parse("2013-01-02T13Z", now).ShouldBe(new DateTimeOffset(2013, 1, 2, 13, 0, 0, TimeSpan.Zero));
        TimeArgument.Parse("2013-01-02", now)!.Value.LocalDateTime.ShouldBe(new DateTime(2013, 1, 2));
        TimeArgument.Parse("2013-1-2", now).ShouldBeNull();
        TimeArgument.Parse("01/02/2013", now).ShouldBeNull();
        TimeArgument.Parse("soon", now).ShouldBeNull();
    }

    [Fact]
    public void Ulimits()
    {
        UlimitArgument.Parse("nofile=1024:2048").ShouldBe(new() { Name = "nofile", Soft = 1024, Hard = 2048 });
        UlimitArgument.Parse("core=-1").ShouldBe(new() { Name = "core", Soft = -1, Hard = -1 });
    }

    [Theory]
    [InlineData("foo", "invalid ulimit argument: foo")]
    [InlineData("foo=1", "invalid ulimit type: foo")]
    [InlineData("nofile=x", "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("nofile=1:2:3", "too many limit value arguments - 1:2:3, can only have up to two, `soft[:hard]`")]
    [InlineData("nofile=3:2", "ulimit soft limit must be less than or equal to hard limit: 3 > 2")]
    public void Ulimits_that_are_none(string text, string message) => Should.Throw<ValueException>(() => UlimitArgument.Parse(text)).Message.ShouldBe(message);

    [Theory]
    [InlineData("/dev/fuse", "/dev/fuse", "/dev/fuse", "rwm")]
    [InlineData("/dev/fuse:/dev/x", "/dev/fuse", "/dev/x", "rwm")]
    [InlineData("/dev/fuse:r", "/dev/fuse", "/dev/fuse", "r")]
    [InlineData("/dev/fuse:/dev/x:rw", "/dev/fuse", "/dev/x", "rw")]
    public void Devices(string text, string host, string inside, string permissions) =>
        DeviceArgument.Parse(text).ShouldBe(new() { PathOnHost = host, PathInContainer = inside, CgroupPermissions = permissions });

    [Theory]
    [InlineData("/a:/b:/c:rw")]
    [InlineData("/a:/b:x")]
    [InlineData("a")]
    [InlineData("")]
    public void Devices_that_are_none(string text) => Should.Throw<ValueException>(() => DeviceArgument.Parse(text));

    [Theory]
    [InlineData("/root/from1:/to1", "/root/from1", "/to1", "")]
    [InlineData("/root/from1:to1", "/root/from1", "/to1", "")]
    [InlineData("data:/to:ro", "data", "/to", "ro")]
    [InlineData("/data", "", "/data", "")]
    [InlineData("/a:/b:ro,rslave", "/a", "/b", "ro,rslave")]
    public void Volumes(string text, string source, string destination, string options) =>
        VolumeArgument.Parse(text).ShouldBe(new(source, destination, options));

    [Fact]
    public void A_relative_source_is_the_callers() => VolumeArgument.Parse("./x:/y").Source.ShouldBe(Path.GetFullPath("x"));

    [Theory]
    [InlineData(":/b", "invalid spec: :/b: empty section between colons")]
    [InlineData("a:b:c:d", "invalid volume specification: 'a:b:c:d'")]
    [InlineData("/a:/b:foo", "invalid mode: foo")]
    [InlineData("/a:ro", "invalid volume specification: '/a:ro': no destination before :ro")]
    [InlineData("/a:/", "invalid volume specification: '/a:/': destination can't be '/'")]
    public void Volumes_that_are_none(string text, string message) => Should.Throw<ValueException>(() => VolumeArgument.Parse(text)).Message.ShouldBe(message);

    [Fact]
    public void A_directory_without_a_leading_slash_gets_dockers_advice() =>
        Should.Throw<ValueException>(() => VolumeArgument.Parse("a/b:/c")).Message.ShouldContain("use absolute path");

    [Theory]
    [InlineData("KILL", 9)]
    [InlineData("sigterm", 15)]
    [InlineData("10", 10)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    public void Signals(string text, int number) => SignalName.Parse(text).ShouldBe(number);

    [Theory]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("FOO")]
    [InlineData("")]
    public void Signals_that_are_none(string text) => Should.Throw<SampanException>(() => SignalName.Parse(text)).Message.ShouldBe($"invalid signal: {text}");

    [Theory]
    [InlineData("net.ipv4.ip_forward=1", true)]
    [InlineData("kernel.shmmax=1", true)]
    [InlineData("fs.mqueue.msg_max=1", true)]
    [InlineData("kernel.hostname=x", false)]
    [InlineData("vm.swappiness=1", false)]
    [InlineData("net.x", false)]
    public void Sysctls(string text, bool allowed)
    {
        if (allowed)
        {
            SysctlArgument.Check(text).ShouldBe(text);
        }
        else
        {
            Should.Throw<ValueException>(() => SysctlArgument.Check(text)).Message.ShouldBe($"sysctl '{text}' is not allowed");
        }
    }

    [Fact]
    public void An_environment_variable_without_a_value_is_the_callers()
    {
        EnvironmentArgument.Resolve("PATH").ShouldBe("PATH=" + Environment.GetEnvironmentVariable("PATH"));
        EnvironmentArgument.Resolve("SAMPAN_TEST_NOT_SET").ShouldBe("SAMPAN_TEST_NOT_SET");
        EnvironmentArgument.Resolve("A=").ShouldBe("A=");
        Should.Throw<ValueException>(() => EnvironmentArgument.Resolve("=x")).Message.ShouldBe("invalid environment variable: =x");
    }

    [Fact]
    public void Environment_files_follow_dockers_rules()
    {
        var content = "\uFEFF# comment\n\nA=1\r\n  B= two words \n#C=3\nD\nE=#not a comment\nMISSING\n";
        KeyValueFile.Parse("f", System.Text.Encoding.UTF8.GetBytes(content), name => name == "D" ? "4" : null)
            .ShouldBe(["A=1", "B= two words ", "D=4", "E=#not a comment"]);
    }

    [Theory]
    [InlineData("=x", "no variable name on line '=x'")]
    [InlineData("A B=x", "variable 'A B' contains whitespaces")]
    [InlineData("A\t=x", "variable 'A\t' contains whitespaces")]
    public void Environment_files_with_bad_lines(string line, string message) =>
        Should.Throw<SampanException>(() => KeyValueFile.Parse("f", System.Text.Encoding.UTF8.GetBytes(line), null)).Message.ShouldContain(message);

    [Fact]
    public void Environment_files_are_text() =>
        Should.Throw<SampanException>(() => KeyValueFile.Parse("f", [(byte)'A', (byte)'=', 0xFF], null)).Message.ShouldContain("invalid utf8 bytes at line 1");

    [Fact]
    public void Labels_become_a_map() =>
        LabelArgument.ToMap(["a=1", "b", "a=2", "c=d=e"]).ShouldBe(new Dictionary<string, string> { ["a"] = "2", ["b"] = "", ["c"] = "d=e" });

    [Theory]
    [InlineData("db:10.0.0.1", "db:10.0.0.1")]
    [InlineData("db=::1", "db:::1")]
    [InlineData("db:[::1]", "db:::1")]
    public void Hosts(string text, string expected) => HostArgument.Check(text).ShouldBe(expected);

    [Theory]
    [InlineData("db")]
    [InlineData("db:nowhere")]
    [InlineData(":1.2.3.4")]
    public void Hosts_that_are_none(string text) => Should.Throw<ValueException>(() => HostArgument.Check(text));

    [Theory]
    [InlineData("example.org", "example.org")]
    [InlineData("example.org.", "example.org.")]
    [InlineData("a", "a")]
    [InlineData("1.2x.3", "1.2x.3")]
    [InlineData("a-b.c ", "a-b.c")]
    [InlineData(".", ".")]
    public void Domains(string text, string expected) => HostArgument.CheckDomain(text).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData("1.2.3.4")]
    [InlineData("x_y")]
    [InlineData("a\nnameserver 192.0.2.1")]
    public void Domains_that_are_none(string text) => Should.Throw<ValueException>(() => HostArgument.CheckDomain(text)).Message.ShouldBe($"{text} is not a valid domain");

    [Fact]
    public void A_source_date_is_whole_seconds()
    {
        SourceDate.Parse(null).ShouldBeNull();
        SourceDate.Parse("").ShouldBeNull();
        SourceDate.Parse("0").ShouldBe(DateTimeOffset.UnixEpoch);
        SourceDate.Parse("1700000000")!.Value.Year.ShouldBe(2023);
        foreach (var text in new[] { "-1", "1.5", "today", "1e9", " 1", "999999999999" })
        {
            Should.Throw<SampanException>(() => SourceDate.Parse(text)).Message.ShouldContain("SOURCE_DATE_EPOCH");
        }
    }
}
