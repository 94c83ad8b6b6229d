namespace Sampan.EndToEnd.Run;

/// <summary>Flags of run and create that few use: block I/O, real-time, swappiness, platform, pull, runtime, isolation.</summary>
public sealed class RareFlagTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private static string? BlockDevice { get; } = Directory.GetDirectories("/sys/block").Select(path => "/dev/" + Path.GetFileName(path)).FirstOrDefault(File.Exists);

    [Fact]
    public void Block_rates_reach_the_kernel()
    {
        Assert.SkipWhen(BlockDevice is null, "no block device on this machine");
        var id = host.Detached("--device-read-bps", BlockDevice + ":10mb", "--device-write-iops", BlockDevice + ":300", "busybox", "sleep", "1000");
        host.ControlFile(id, "blkio", "blkio.throttle.read_bps_device", "io.max").ShouldContain("10485760");
        host.ControlFile(id, "blkio", "blkio.throttle.write_iops_device", "io.max").ShouldContain("300");
        host.Inspect(id).GetProperty("HostConfig").GetProperty("BlkioDeviceReadBps")[0].GetProperty("Rate").GetInt64().ShouldBe(10485760);
    }

    [Fact]
    public void Swappiness_and_the_oom_killer_reach_the_kernel()
    {
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/memory"), "cgroup v1 only");
        var created = host.Sampan("create", "-m", "64m", "--memory-swappiness", "7", "--oom-kill-disable", "busybox", "sleep", "1000");
        created.Error.ShouldBeEmpty();
        host.Sampan("start", created.ShouldSucceed()).ShouldSucceed();
        host.ControlFile(created.Text, "memory", "memory.swappiness", "").ShouldBe("7");
        host.ControlFile(created.Text, "memory", "memory.oom_control", "").ShouldContain("oom_kill_disable 1");
        host.Sampan("create", "--oom-kill-disable", "busybox").Error.ShouldStartWith("WARNING: OOM killer is disabled for the container, but no memory limit is set");
    }

    [Fact]
    public void Annotations_isolation_runtime_and_platform_are_taken()
    {
        host.Sampan(
            "run", "--name", "taken", "--annotation", "a=b", "--isolation", "default", "--runtime", "sampan", "--platform", "linux", "--pull", "never", "-q",
            "--kernel-memory", "8m", "--disable-content-trust", "busybox", "true").Error.ShouldBe("WARNING: Specifying a kernel memory limit is deprecated and will be removed in a future release.\n");
        host.Inspect("taken").GetProperty("HostConfig").GetProperty("Annotations").GetProperty("a").GetString().ShouldBe("b");
    }

    [Theory]
    [InlineData("--isolation", "process", "Invalid isolation: \"process\" - linux only supports 'default'")]
    [InlineData("--runtime", "runc", "unknown or invalid runtime name: runc")]
    [InlineData("--platform", "bogus", "error parsing specified platform: \"bogus\"")]
    [InlineData("--pull", "always", "registry docker.io is blocked in ")]
    [InlineData("--pull", "sometimes", "invalid pull option: 'sometimes': must be one of \"always\", \"missing\" or \"never\"")]
    [InlineData("--blkio-weight", "5", "Range of blkio weight is from 10 to 1000")]
    [InlineData("--memory-swappiness", "101", "invalid value: 101. Valid memory swappiness range is 0-100")]
    [InlineData("--device-read-bps", "/dev/null:1mb", "/dev/null is not a block device")]
    [InlineData("--device-read-bps", "/dev/not-there:1mb", "stat /dev/not-there: no such file or directory")]
    public void What_cannot_be_is_refused_in_one_line(string flag, string value, string words)
    {
        var before = host.Sampan("ps", "-aq").Lines;
        host.Sampan("run", "--rm", flag, value, "busybox", "true").ShouldFailInOneLine(125, words);
        host.Sampan("ps", "-aq").Lines.ShouldBe(before);
    }

    [Theory]
    [InlineData("--cpu-count=2", "Windows")]
    [InlineData("--io-maxiops=2", "Windows")]
    [InlineData("--use-api-socket", "no API socket")]
    public void What_will_never_be_says_why(string flag, string reason) => host.Sampan("run", flag, "busybox", "true").ShouldFail(125, "unsupported flag", reason);

    [Fact]
    public void The_id_is_written_once_and_a_failed_create_leaves_no_file()
    {
        var file = Path.Combine(host.Folder, "cid");
        var id = host.Sampan("create", "--cidfile", file, "busybox").ShouldSucceed();
        File.ReadAllText(file).ShouldBe(id);
        host.Sampan("create", "--cidfile", file, "busybox").ShouldFail(1, "container ID file found, make sure the other container isn't running or delete " + file);
        var other = Path.Combine(host.Folder, "other");
        host.Sampan("run", "--cidfile", other, "no-such-image").ExitCode.ShouldBe(125);
        File.Exists(other).ShouldBeFalse();
        host.Sampan("run", "-d", "--name", "unwritten", "--cidfile", "/no/such/folder/cid", "busybox", "true").ShouldFailInOneLine(125, "failed to create the container ID file", "/no/such/folder/cid");
        host.Sampan("ps", "-aq", "--filter", "name=unwritten").ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void An_environment_file_must_be_one()
    {
        host.Sampan("run", "--rm", "--env-file", host.Folder, "busybox", "true").ShouldFailInOneLine(125, $"invalid env file ({host.Folder}): read {host.Folder}: is a directory");
        var file = Path.Combine(host.Folder, "env");
        File.WriteAllText(file, "# a comment\r\n\nA=1 # not one\r\n  B=2\nHOME\nNOT_THERE\nA=3\n");
        host.Run("echo \"$A|$B|$HOME|${NOT_THERE-unset}\"", "--env-file", file, "-e", "B=4").ShouldBe($"3|4|{Environment.GetEnvironmentVariable("HOME")}|unset");
        File.WriteAllText(file, "A B=1\n");
        host.Sampan("run", "--rm", "--env-file", file, "busybox", "true").ShouldFailInOneLine(125, "variable 'A B' contains whitespaces");
    }

    [Fact]
    public void An_init_needs_no_program_of_the_image()
    {
        var rootfs = host.MakeRootFilesystem("init-root");
        host.Sampan("run", "--rm", "--init", "--rootfs", rootfs, "sh", "-c", "(sleep 0.1 &) ; sleep 0.5; ps -o pid,stat | grep -c ' Z' ; cat /proc/1/comm").Lines[0].ShouldBe("0");
    }
}
