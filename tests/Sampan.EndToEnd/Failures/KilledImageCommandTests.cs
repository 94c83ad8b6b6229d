namespace Sampan.EndToEnd.Failures;

/// <summary>
/// What changes the store of images is killed at random moments: no image that was whole is lost or hurt, and what is left over the next
/// command clears away. 500 kills or a minute and a half.
/// </summary>
public sealed class KilledImageCommandTests : IDisposable
{
    private readonly BusyboxHost _host = new();

    [Fact]
    public void No_image_is_lost_and_nothing_is_left()
    {
        Prepare();
        var kept = Describe("kept:1") + Describe("busybox");
        var commands = new KilledCommands(_host, TimeSpan.FromSeconds(90));
        for (var round = 0; commands.GoOn; round++)
        {
            commands.Round(() => Choose(commands.Random), longest: 60);
            if (round % 10 == 9)
            {
                AllIsWell(commands, kept);
            }
        }

        AllIsWell(commands, kept);
        commands.Tell();

        // All that is not one of the two goes, and with it all that took space.
        _host.Sampan("rm", "source").ShouldSucceed();
        var names = _host.Sampan("images", "--format", "{{.Repository}}:{{.Tag}}").Lines.Where(name => name is not ("kept:1" or "busybox:latest" or "<none>:<none>")).ToArray();
        _host.Sampan(["rmi", "busybox:none", .. names]).ExitCode.ShouldBe(1);
        _host.Sampan("image", "prune", "-f").ShouldSucceed();
        Directory.GetFileSystemEntries(Path.Combine(_host.Root, "work")).ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(_host.Root, "blobs/sha256")).Length.ShouldBe(6, "configuration, manifest and layer of two images");
        Directory.GetDirectories(Path.Combine(_host.Root, "layers")).Length.ShouldBe(2);
        (Describe("kept:1") + Describe("busybox")).ShouldBe(kept);
    }

    /// <inheritdoc/>
    public void Dispose() => _host.Dispose();

    private string At(string name) => Path.Combine(_host.Folder, name);

    private void Prepare()
    {
        // Four archives of some files each, so that there is a middle to be killed in.
        Host.Shell(
            """
            for i in 1 2 3 4; do mkdir -p "$1/t$i/d"; for f in $(seq 60); do head -c 4000 /dev/urandom > "$1/t$i/d/$f"; done; tar -C "$1/t$i" -cf "$1/t$i.tar" .; done
            gzip -k "$1/t2.tar"
            """,
            _host.Folder);
        _host.Sampan("import", At("t1.tar"), "kept:1").ShouldSucceed();
        for (var number = 1; number <= 3; number++)
        {
            _host.Sampan("import", At($"t{number}.tar"), $"saved:{number}").ShouldSucceed();
            _host.Sampan("save", "-o", At($"s{number}.tar"), $"saved:{number}").ShouldSucceed();
            _host.Sampan("rmi", $"saved:{number}").ShouldSucceed();
        }

        _host.Sampan("run", "--name", "source", "busybox", "sh", "-c", "mkdir /d; for i in 1 2 3 4 5 6 7 8 9; do head -c 20000 /dev/urandom > /d/$i; done").ShouldSucceed();
    }

    private string[] Choose(Random random)
    {
        var number = random.Next(1, 4);
        string[][] choice =
        [
            ["load", "-i", At($"s{number}.tar")],
            ["load", "-i", At($"s{number}.tar")],
            ["import", At($"t{number + 1}.tar"), $"imported:{number}"],
            ["import", "--compression", "gzip", At("t2.tar.gz"), "imported:packed"],
            ["commit", "source", $"made:{number}"],
            ["commit", "--compression", "zstd", "source", "made:packed"],
            ["tag", "kept:1", $"other:{number}"],
            ["rmi", $"saved:{number}"],
            ["rmi", "-f", $"made:{number}"],
            ["rmi", $"imported:{number}"],
            ["rmi", $"other:{number}"],
            ["image", "prune", "-f"],
            ["system", "prune", "-f", "--filter", "label=none"],
        ];
        return choice[random.Next(choice.Length)];
    }

    private void AllIsWell(KilledCommands commands, string kept)
    {
        commands.ShouldBeWhole();
        (Describe("kept:1") + Describe("busybox")).ShouldBe(kept, commands.Said);
    }

    private string Describe(string image)
    {
        var layers = _host.Sampan("inspect", "-f", "{{.Id}} {{join .RootFS.Layers \" \"}}", image).ShouldSucceed().Split(' ');
        return string.Join(' ', layers) + Host.Shell("cd \"$1\"; find . -type f | sort | xargs -d '\\n' sha256sum | sha256sum; find . | wc -l", Path.Combine(_host.Root, "layers", layers[1].Replace("sha256:", "")));
    }
}
