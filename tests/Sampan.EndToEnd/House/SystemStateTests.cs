namespace Sampan.EndToEnd.House;

/// <summary>system df, prune and check, volume prune: a host of its own, since they look at all there is.</summary>
public sealed class SystemStateTests : IDisposable
{
    private readonly BusyboxHost _host = new();

    [Fact]
    public void Disk_usage_has_dockers_lines()
    {
        _host.Detached("-v", "used:/data", "busybox", "sh", "-c", "head -c 4000 /dev/zero > /data/x; head -c 3000 /dev/zero > /y; exec sleep 1000");
        _host.Sampan("volume", "create", "idle").ShouldSucceed();
        File.WriteAllText(Path.Combine(_host.Root, "volumes/idle/_data/file"), new string('x', 1000));
        string Line(string type) => _host.Sampan("system", "df", "--format", "{{.Type}}|{{.TotalCount}}|{{.Active}}|{{.Size}}|{{.Reclaimable}}").Lines.Single(line => line.StartsWith(type, StringComparison.Ordinal));
        Patience.ShouldCome(() => Line("Containers") == "Containers|1|1|3kB|0B (0%)", "the container's size is seen: " + Line("Containers"));
        Line("Local").ShouldBe("Local Volumes|2|1|5kB|1kB (20%)");
        Line("Images").ShouldStartWith("Images|1|1|");
        _host.Sampan("system", "df").Lines[0].ShouldBe("TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE");
        var verbose = _host.Sampan("system", "df", "-v").ShouldSucceed();
        verbose.ShouldContain("Images space usage:\n\nREPOSITORY");
        verbose.ShouldContain("idle");
    }

    [Fact]
    public void Prune_removes_what_nobody_uses()
    {
        var running = _host.Detached("-v", "/anonymous", "busybox", "sleep", "1000");
        var kept = _host.Sampan("create", "--label", "keep=yes", "busybox").ShouldSucceed();
        var gone = _host.Sampan("create", "-v", "/data", "busybox").ShouldSucceed();
        _host.Sampan("tag", "busybox", "other:1").ShouldSucceed();
        _host.Sampan("volume", "create", "named").ShouldSucceed();
        _host.SampanWithInput("n\n", "system", "prune").ShouldSucceed().ShouldContain("Are you sure you want to continue? [y/N]");
        var output = _host.Sampan("system", "prune", "-f", "--volumes", "--filter", "label!=keep").ShouldSucceed();
        output.ShouldStartWith("Deleted Containers:\n" + gone);
        output.ShouldContain("Deleted Volumes:");
        output.ShouldContain("Total reclaimed space: ");
        _host.Sampan("ps", "-aq", "--no-trunc").Lines.ShouldBe([kept, running], ignoreOrder: true);
        _host.Sampan("volume", "ls", "-q").Lines.Count.ShouldBe(2);
        _host.Sampan("volume", "prune", "-f").ShouldSucceed().ShouldBe("Total reclaimed space: 0B");
        _host.SampanWithInput("y\n", "volume", "prune", "-a").ShouldSucceed().ShouldContain("Deleted Volumes:\nnamed");
        _host.Sampan("rm", "-f", "-v", kept, running).ShouldSucceed();
        _host.Sampan("system", "prune", "-af").ShouldSucceed().ShouldContain("Deleted Images:\nuntagged: ");
        _host.Sampan("images", "-q").ShouldSucceed().ShouldBeEmpty();
    }

    [Fact]
    public void Check_names_what_is_broken_and_repairs_it()
    {
        _host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty();
        var good = _host.Sampan("create", "--name", "good", "busybox").ShouldSucceed();
        var bad = _host.Sampan("create", "--name", "bad", "busybox").ShouldSucceed();
        var lost = _host.Sampan("create", "--name", "lost", "-v", "vanished:/v", "busybox").ShouldSucceed();
        _host.Sampan("volume", "create", "garbled").ShouldSucceed();
        _host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty();
        File.WriteAllText(Path.Combine(_host.Root, "containers", bad, "container.json"), "{\"Id\": 12");
        File.WriteAllText(Path.Combine(_host.Root, "containers", good, "state.json"), "rubbish");
        File.WriteAllText(Path.Combine(_host.Root, "volumes/garbled/volume.json"), "");
        Directory.Delete(Path.Combine(_host.Root, "volumes/vanished"), recursive: true);
        var found = _host.Sampan("system", "check");
        found.ExitCode.ShouldBe(1);
        found.Output.ShouldContain($"container {bad}: its record is damaged (--repair: remove it)");
        found.Output.ShouldContain("container good: its state is damaged");
        found.Output.ShouldContain("container lost: its volume vanished is missing");
        found.Output.ShouldContain("volume garbled: its record is damaged");
        _host.Sampan("system", "check", "--repair").ShouldSucceed();
        _host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty();
        _host.Sampan("ps", "-aq", "--no-trunc").Lines.ShouldBe([good, lost], ignoreOrder: true);
        _host.Sampan("create", "--name", "bad", "busybox").ShouldSucceed();
    }

    [Fact]
    public void Check_finds_content_that_belongs_to_nobody_and_blobs_that_are_not_what_they_say()
    {
        var blob = new string('a', 64);
        var layer = new string('b', 64);
        var blobs = Path.Combine(_host.Root, "blobs/sha256");
        File.WriteAllText(Path.Combine(blobs, blob), "left by a crash");
        Directory.CreateDirectory(Path.Combine(_host.Root, "layers", layer, "etc"));
        var found = _host.Sampan("system", "check");
        found.ExitCode.ShouldBe(1);
        found.Lines.ShouldBe([$"blob {blob}: belongs to no image (--repair: remove it)", $"layer {layer}: belongs to no image and no container (--repair: remove it)"]);
        _host.Sampan("system", "check", "--repair").ShouldSucceed();
        _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
        File.Exists(Path.Combine(blobs, blob)).ShouldBeFalse();
        Directory.Exists(Path.Combine(_host.Root, "layers", layer)).ShouldBeFalse();
        _host.Run("echo well").ShouldBe("well");

        // An image removed by force from under a container is no orphan: the container still starts.
        var user = _host.Sampan("create", "busybox", "true").ShouldSucceed();
        _host.Sampan("rmi", "-f", "busybox").ShouldSucceed();
        _host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty();
        _host.Sampan("start", "-a", user).ShouldSucceed();

        // One byte more in the largest blob, which no command reads again once its layer is unpacked.
        var largest = new DirectoryInfo(blobs).GetFiles().MaxBy(file => file.Length)!;
        File.AppendAllText(largest.FullName, "x");
        _host.Sampan("system", "check").ShouldSucceed().ShouldBeEmpty();
        var wrong = _host.Sampan("system", "check", "--digests");
        wrong.ExitCode.ShouldBe(1);
        wrong.Output.ShouldStartWith($"blob {largest.Name}: its content is not what its digest says");
        _host.Sampan("rm", user).ShouldSucceed();
    }

    [Fact]
    public void Check_unpacks_a_lost_layer_from_its_blob_and_says_which_images_are_lost()
    {
        _host.Sampan("run", "--name", "one", "busybox", "sh", "-c", "echo kept > /kept").ShouldSucceed();
        _host.Sampan("commit", "one", "two:1").ShouldSucceed();
        _host.Sampan("tag", "two:1", "three:1").ShouldSucceed();
        var layers = _host.Sampan("inspect", "-f", "{{join .RootFS.Layers \" \"}}", "two:1").ShouldSucceed().Replace("sha256:", "").Split(' ');
        var user = _host.Sampan("create", "two:1", "cat", "/kept").ShouldSucceed();

        Directory.Delete(Path.Combine(_host.Root, "layers", layers[1]), recursive: true);
        var found = _host.Sampan("system", "check");
        found.ExitCode.ShouldBe(1);
        found.Output.ShouldContain($"image two:1: its layer sha256:{layers[1]} is missing (--repair: unpack its blob again)");
        found.Output.ShouldContain($"image three:1: its layer sha256:{layers[1]} is missing");
        found.Output.ShouldContain($"its layer {layers[1]} is missing (--repair: unpack its blob again)");
        _host.Sampan("run", "--rm", "two:1", "true").ShouldFail(125, "is missing");
        _host.Sampan("system", "check", "--repair").ShouldSucceed();
        _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
        _host.Sampan("start", "-a", user).ShouldSucceed().ShouldBe("kept");
        _host.Sampan("rm", user, "one").ShouldSucceed();

        // The blob is damaged: the layer cannot be had from it, and --digests says whose it is.
        var blob = Path.Combine(_host.Root, "blobs/sha256", layers[1]);
        File.AppendAllText(blob, "x");
        _host.Sampan("system", "check", "--digests").ShouldFail(1).ShouldBeEmpty();
        _host.Sampan("system", "check", "--digests").Output.ShouldContain("its content is not what its digest says: remove two:1, three:1 (rmi)");
        Directory.Delete(Path.Combine(_host.Root, "layers", layers[1]), recursive: true);
        _host.Sampan("system", "check", "--repair").ShouldFail(1, "has the digest");

        File.Delete(blob);
        _host.Sampan("system", "check", "--repair").Output.ShouldContain($"image two:1: its layer sha256:{layers[1]} is missing, and the blob of it: the image is lost");
        _host.Sampan("rmi", "two:1", "three:1").ShouldSucceed();
        _host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
        _host.Run("echo well").ShouldBe("well");
    }

    [Fact]
    public void Maps_that_are_null_print_as_docker_prints_them()
    {
        _host.Sampan("volume", "create", "plain").ShouldSucceed();
        _host.Sampan("volume", "inspect", "-f", "{{.Labels}} {{.Options}} {{json .Labels}} {{len .Labels}}{{range .Labels}}x{{end}}", "plain").ShouldSucceed().ShouldBe("map[] map[] null 0");
    }

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();
}
