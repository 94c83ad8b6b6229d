namespace Sampan.EndToEnd.Failures.Sieges;

/// <summary>A disk that fills up in the middle: one clear line, the space is given back, nothing half-made stays, and all goes on once there is room.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const int Page = 4096;
    private const int Megabyte = 1 << 20;
    private readonly Host _host = new();
    private readonly Disk _disk;

    public FullDiskTests()
    {
        _disk = new Disk(_host.Root, "40m");
        Host.Shell("\"$1\" \"$2\" \"$3\" \"$4\"", Path.Combine(Host.Repository, "eng/busybox-image"), Host.Binary, _host.Root, _host.State);
    }

    [Fact]
    public void Commit_gives_back_what_it_took()
    {
        var id = _host.Sampan("create", "busybox", "sh", "-c", "head -c 2000000 /dev/urandom > /data; sha256sum /data > /sum").ShouldSucceed();
        _host.Sampan("start", "-a", id).ShouldSucceed();
        var succeeded = false;

        // What it writes is the blob and the unpacked layer; then comes what is small: configuration, manifest, note and index.
        int[] coarse = [0, Page, 100 * Page, Megabyte, 2 * Megabyte, 3 * Megabyte];
        for (var step = 0; !succeeded && step < 400; step++)
        {
            var left = step < coarse.Length ? coarse[step] : (3900 * 1024) + ((step - coarse.Length) * Page);
            _disk.Fill(left);
            var before = _disk.Used;
            var result = _host.Sampan("commit", id, "full");
            succeeded = result.ShouldBeComposed();
            if (!succeeded)
            {
                result.Error.ShouldContain("no space left on device", Case.Sensitive);
                _disk.Used.ShouldBeLessThanOrEqualTo(before, $"with {left} bytes left");
                _host.Sampan("images", "-aq", "full").ShouldSucceed().ShouldBeEmpty();
            }
        }

        succeeded.ShouldBeTrue("at last there is room");
        _disk.Empty();
        _host.Sampan("run", "--rm", "full", "sha256sum", "-c", "/sum").ShouldSucceed();
        _host.Sampan("system", "check").ShouldSucceed();
    }

    [Theory]
    [InlineData("import")]
    [InlineData("import", "--compression", "gzip")]
    [InlineData("load")]
    public void Images_that_do_not_fit_give_back_what_they_took(params string[] words)
    {
        var tree = Path.Combine(_host.Folder, "tree");
        Host.Shell("mkdir \"$1\"; for i in 1 2 3 4 5 6; do head -c 500000 /dev/urandom > \"$1/$i\"; done; tar -C \"$1\" -cf \"$1.tar\" .", tree);
        string[] arguments = [.. words, tree + ".tar", "full:1"];
        if (words[0] == "load")
        {
            using var other = new Host();
            other.Sampan("import", tree + ".tar", "full:1").ShouldSucceed();
            other.Sampan("save", "-o", tree + ".image.tar", "full:1").ShouldSucceed();
            arguments = ["load", "-i", tree + ".image.tar"];
        }

        // The blob, the layer, and with --compression the archive unpacked aside; then what is small.
        var succeeded = false;
        for (var left = 0; !succeeded && left < 12 * Megabyte; left += left < Megabyte ? Megabyte / 4 : 384 * 1024)
        {
            _disk.Fill(left);
            var before = _disk.Used;
            var result = _host.Sampan(arguments);
            succeeded = result.ShouldBeComposed();
            if (!succeeded)
            {
                result.Error.ShouldContain("no space left on device", Case.Sensitive);
                _disk.Used.ShouldBeLessThanOrEqualTo(before, $"with {left} bytes left");
                _host.Sampan("images", "-aq", "full").ShouldSucceed().ShouldBeEmpty();
            }
        }

        succeeded.ShouldBeTrue("at last there is room");
        _disk.Empty();
        _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void Copying_in_leaves_no_half_file()
    {
        var id = _host.Detached("busybox", "sleep", "1000");
        var source = Path.Combine(_host.Folder, "source");
        Host.Shell("mkdir \"$1\"; head -c 3000000 /dev/urandom > \"$1/big\"; echo small > \"$1/a\"; tar cf \"$1.tar\" -C \"$1\" a big", source);
        foreach (var running in new[] { true, false })
        {
            if (!running)
            {
                _disk.Empty();
                _host.Sampan("stop", "-t", "0", id).ShouldSucceed();
            }

            _disk.Fill(2 * Megabyte);
            var before = _disk.Used;
            _host.Sampan("cp", Path.Combine(source, "big"), id + ":/big").ShouldFailInOneLine(1, "no space left on device");
            _disk.Used.ShouldBeLessThanOrEqualTo(before);
            _host.Sampan("cp", source, id + ":/tmp").ShouldFailInOneLine(1, "no space left on device");
            _host.SampanFrom(source + ".tar", "cp", "-", id + ":/var").ShouldFailInOneLine(1, "no space left on device");
            _disk.Used.ShouldBeLessThanOrEqualTo(before + (8 * Page), "but for what is small and whole");
            var changes = _host.Sampan("diff", id).Lines;
            changes.ShouldNotContain(line => line.EndsWith("/big", StringComparison.Ordinal));
            changes.ShouldContain("A /var/a");
        }

        _disk.Empty();
        _host.Sampan("cp", Path.Combine(source, "big"), id + ":/big").ShouldSucceed();
        _host.Sampan("start", id).ShouldSucceed();
    }

    [Fact]
    public void Copying_out_leaves_no_half_file()
    {
        var id = _host.Detached("busybox", "sh", "-c", "head -c 3000000 /dev/urandom > /tmp/big; touch /ready; exec sleep 1000");
        Patience.ShouldCome(() => _host.Sampan("exec", id, "test", "-e", "/ready").ExitCode == 0, "the file is there");
        using var other = new Disk(Path.Combine(_host.Folder, "other"), "2m");
        var before = other.Used;
        _host.Sampan("cp", id + ":/tmp/big", other.Path).ShouldFailInOneLine(1, "no space left on device");
        _host.Sampan("export", "-o", Path.Combine(other.Path, "all.tar"), id).ShouldFailInOneLine(1, "no space left on device");
        _host.Sampan("save", "-o", Path.Combine(other.Path, "image.tar"), "busybox").ShouldBeComposed();
        Host.Shell("rm -f \"$1/image.tar\"", other.Path);
        Directory.GetFileSystemEntries(other.Path).ShouldBeEmpty();
        other.Used.ShouldBe(before);
        foreach (var words in new string[][] { ["export", id], ["cp", id + ":/tmp", "-"], ["save", "busybox"] })
        {
            _host.SampanInto(Path.Combine(other.Path, "stream"), words).ShouldBeComposed().ShouldBe(words[0] == "save" && new FileInfo(Path.Combine(other.Path, "stream")).Length < other.Used);
            File.Delete(Path.Combine(other.Path, "stream"));
        }
    }

    [Theory]
    [InlineData("ps")]
    [InlineData("diff", "written")]
    [InlineData("logs", "written")]
    [InlineData("inspect", "written")]
    [InlineData("images")]
    [InlineData("exec", "written", "echo", "hello")]
    public void Output_that_cannot_be_written_is_a_failure(params string[] words)
    {
        _host.Sampan("run", "-d", "--name", "written", "busybox", "sh", "-c", "echo hello; touch /file; exec sleep 1000").ShouldSucceed();
        Patience.ShouldCome(() => _host.Sampan("logs", "written").Output == "hello\n", "it has written");
        _host.SampanInto("/dev/full", words).ShouldFailInOneLine(1, "no space left on device");
    }

    [Fact]
    public void A_log_loses_whole_lines_and_goes_on_and_the_end_is_recorded()
    {
        var id = _host.Detached("--name", "talker", "busybox", "sh", "-c", "i=0; while [ ! -e /stop ]; do echo \"line $i end\"; i=$((i+1)); done; echo last; exit 7");
        Patience.ShouldCome(() => _host.Sampan("logs", "--tail", "1", id).Lines.Count == 1, "it talks");
        _disk.Fill(0);
        var reached = LastLine(id);
        Patience.ShouldCome(() => CannotWrite(), "the disk is full");
        _host.Sampan("logs", "--tail", "5", id).ShouldBeComposed().ShouldBeTrue();
        _host.Status(id).ShouldBe("running");
        _host.Sampan("exec", id, "true").ShouldSucceed();
        _disk.Empty();
        Patience.ShouldCome(() => LastLine(id) > reached, "it goes on when there is room");
        _host.Sampan("exec", id, "touch", "/stop").ShouldSucceed();
        _host.Sampan("wait", id).ShouldSucceed().ShouldBe("7");
        var lines = _host.Sampan("logs", id).Lines;
        lines.ShouldAllBe(line => line == "last" || (line.StartsWith("line ") && line.EndsWith(" end")));
        lines[^1].ShouldBe("last");
        _host.Sampan("system", "check").ShouldSucceed();
    }

    [Fact]
    public void The_end_on_a_full_disk_is_recorded()
    {
        var id = _host.Detached("busybox", "sh", "-c", "while :; do echo x; done");
        _disk.Fill(0);
        _host.Sampan("stop", "-t", "0", id).ShouldSucceed();
        _host.Status(id).ShouldBe("exited");
        _host.Sampan("rm", id).ShouldSucceed();
        _host.Sampan("system", "check").ShouldSucceed();
    }

    [Fact]
    public void A_container_that_finds_no_room_is_not_made()
    {
        for (var pages = 0; pages < 24; pages++)
        {
            _disk.Fill(pages * Page);
            var before = _disk.Used;
            var result = _host.Sampan("run", "--name", "roomless", "busybox", "true");
            result.ShouldBeComposed(125);
            _disk.Empty();
            if (result.ExitCode != 0)
            {
                result.Error.ShouldContain("no space left on device", Case.Sensitive, $"{pages} pages: {result}");
            }

            _host.Sampan("rm", "-f", "roomless").ExitCode.ShouldBeOneOf(0, 1);
            _host.Sampan("ps", "-aq").ShouldSucceed().ShouldBeEmpty($"{pages} pages");
            _disk.Used.ShouldBeLessThanOrEqualTo(before + (4 * Page), $"{pages} pages");
            _host.Sampan("system", "check").ShouldSucceed();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _disk.Empty();
            _host.RemoveContainers();
        }
        finally
        {
            _disk.Dispose();
            _host.Dispose();
        }
    }

    private long LastLine(string id) => _host.Sampan("logs", "--tail", "1", id).Text.Split(' ') is [_, var number, _] ? long.Parse(number) : -1;

    private bool CannotWrite() => Host.Shell("head -c 1 /dev/zero > \"$1/probe\" 2>/dev/null && echo room || echo full; rm -f \"$1/probe\"", _disk.Path) == "full";
}
