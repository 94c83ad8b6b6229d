namespace Sampan.EndToEnd.Run;

/// <summary>--storage-opt size= on file systems of our own, in files: what a container writes over its image is limited.</summary>
public sealed class StorageQuotaTests : IDisposable
{
    private readonly Host _host = new();

    [Theory]
    [InlineData("mkfs.ext4 -q -O project,quota", "prjquota", "64M")]
    [InlineData("mkfs.xfs -q", "pquota", "320M")]
    public void Who_has_written_his_share_writes_no_more_and_nobody_else_notices(string make, string option, string size)
    {
        Mount(make, option, size);
        var limited = _host.Detached("--name", "limited", "--storage-opt", "size=4M", "busybox", "sleep", "1000");
        _host.Sampan("exec", limited, "df", "-k", "/").ShouldSucceed().ShouldContain(" 4096 ");
        var full = _host.Sampan("exec", limited, "dd", "if=/dev/zero", "of=/big", "bs=1M", "count=10", "conv=fsync");
        full.ExitCode.ShouldBe(1);
        (full.Error.Contains("quota exceeded", StringComparison.OrdinalIgnoreCase) || full.Error.Contains("No space left", StringComparison.Ordinal)).ShouldBeTrue(full.Error);
        _host.Sampan("run", "--rm", "busybox", "dd", "if=/dev/zero", "of=/big", "bs=1M", "count=10", "conv=fsync").ShouldSucceed();
        _host.Sampan("run", "--rm", "--storage-opt", "size=12m", "busybox", "dd", "if=/dev/zero", "of=/big", "bs=1M", "count=10", "conv=fsync").ShouldSucceed();

        // Files that are freed count no more, and the limit outlives a restart.
        _host.Sampan("exec", limited, "rm", "/big").ShouldSucceed();
        _host.Sampan("exec", limited, "dd", "if=/dev/zero", "of=/small", "bs=1M", "count=2", "conv=fsync").ShouldSucceed();
        _host.Sampan("restart", "-t", "0", limited).ShouldSucceed();
        _host.Sampan("exec", limited, "dd", "if=/dev/zero", "of=/big", "bs=1M", "count=3", "conv=fsync").ExitCode.ShouldBe(1);
        _host.Inspect(limited).GetProperty("HostConfig").GetProperty("StorageOpt").GetProperty("size").GetString().ShouldBe("4M");
    }

    [Fact]
    public void Numbers_of_projects_are_found_on_the_disk_and_free_with_the_container()
    {
        Mount("mkfs.ext4 -q -O project,quota", "prjquota", "64M");
        var (one, two) = (Create("one"), Create("two"));
        (Project(one), Project(two)).ShouldBe((1048576, 1048577));
        _host.Sampan("rm", "one").ShouldSucceed();
        Project(Create("three")).ShouldBe(1048576);

        // Nobody else's files are touched by what a container was given.
        var foreign = Directory.CreateDirectory(Path.Combine(_host.Root, "foreign")).FullName;
        Host.Shell("chattr -p 1048578 \"$1\"", foreign);
        Project(Create("four")).ShouldBe(1048579);
        _host.Sampan("rm", "two", "three", "four").ShouldSucceed();
        Host.Shell("repquota -P -n -O csv \"$1\" 2>/dev/null | grep -c '^#104857[679]' || true", _host.Root).ShouldBe("0");
    }

    [Fact]
    public void Where_it_cannot_be_it_is_refused()
    {
        Mount("mkfs.ext4 -q -O ^quota", "rw", "64M");
        _host.Sampan("create", "--storage-opt", "size=4M", "busybox").ShouldFailInOneLine(
            1, "--storage-opt is supported only for overlay over xfs with 'pquota' mount option", "ext4 (/dev/loop", "tune2fs -O project,quota", "-o prjquota");
        _host.Sampan("create", "--storage-opt", "size=many", "busybox").ShouldFailInOneLine(1, "invalid s");
        _host.Sampan("create", "--storage-opt", "speed=4", "busybox").ShouldFailInOneLine(1, "unknown option speed");
        _host.Sampan("create", "--storage-opt", "size", "busybox").ShouldFailInOneLine(125, "invalid storage option");
        _host.Sampan("ps", "-aq").ShouldSucceed().ShouldBeEmpty();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _host.RemoveContainers();
        Host.Shell("umount -l \"$1\" 2>/dev/null || true", _host.Root);
        _host.Dispose();
    }

    private string Create(string name) => _host.Sampan("create", "--name", name, "--storage-opt", "size=1M", "busybox").ShouldSucceed();

    private int Project(string id)
    {
        var upper = Path.Combine(_host.Root, "containers", id, "upper");
        return int.Parse(Host.Shell("lsattr -pd \"$1\" | awk '{ print $1 }'", upper), System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Mount(string make, string option, string size)
    {
        Directory.CreateDirectory(_host.Root);
        var file = Path.Combine(_host.Folder, "disk");
        using var mount = new RunningCommand("/bin/sh", ["-ec", $"command -v {make.Split(' ')[0]} >/dev/null; truncate -s {size} \"$0\"; {make} \"$0\"; mount -o loop,{option} \"$0\" \"$1\"", file, _host.Root]);
        mount.CloseInput();
        var made = mount.Wait();
        Assert.SkipUnless(made.ExitCode == 0, $"no {make.Split(' ')[0]} file system could be mounted from a file: {made.Error.Trim()}");
        Host.Shell("\"$1\" \"$2\" \"$3\" \"$4\"", Path.Combine(Host.Repository, "eng/busybox-image"), Host.Binary, _host.Root, _host.State);
    }
}
