namespace Sampan.EndToEnd.Images;

/// <summary>Archives written to break out of, or to break, the store.</summary>
public sealed class HostileArchiveTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    private string Write(byte[] bytes)
    {
        var file = Path.Combine(host.Folder, Guid.NewGuid().ToString("N") + ".tar");
        File.WriteAllBytes(file, bytes);
        return file;
    }

    /// <summary>Imports, and asserts that whatever the answer nothing outside was touched and a refusal left nothing behind.</summary>
    private void ShouldStayInside(TarFile archive)
    {
        var outside = Path.Combine(host.Folder, "outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "victim"), "untouched");
        var before = Layers();
        var result = host.Sampan("import", Write(archive.ToArray()), "hostile");
        Host.Shell("find \"$1\" -mindepth 1 | sort", outside).ShouldBe(Path.Combine(outside, "victim"));
        File.ReadAllText(Path.Combine(outside, "victim")).ShouldBe("untouched");
        Path.Exists("/sampan-escaped").ShouldBeFalse();
        if (result.ExitCode == 0)
        {
            host.Sampan("rmi", "hostile").ShouldSucceed();
        }
        else
        {
            result.ShouldFailInOneLine(1);
        }

        Layers().ShouldBe(before);
    }

    private string[] Layers() => [.. Directory.GetFileSystemEntries(Path.Combine(host.Root, "layers")).Order()];

    [Theory]
    [InlineData("../sampan-escaped")]
    [InlineData("../../../../../../../../sampan-escaped")]
    [InlineData("a/../../../../../../../../sampan-escaped")]
    [InlineData("/sampan-escaped")]
    [InlineData("//sampan-escaped")]
    public void A_name_that_climbs_stays_inside(string name)
    {
        ShouldStayInside(new TarFile().File(name, "x"));
        ShouldStayInside(new TarFile().Folder(name));
        ShouldStayInside(new TarFile().Link(name, "/"));
    }

    [Fact]
    public void A_file_written_through_a_link_stays_inside()
    {
        var outside = Path.Combine(host.Folder, "outside");
        ShouldStayInside(new TarFile().Link("door", outside).File("door/x", "x"));
        ShouldStayInside(new TarFile().Link("door", "../../../../../../../.." + outside).File("door/x", "x"));
        ShouldStayInside(new TarFile().Link("a", "b").Link("b", outside).Folder("a").File("a/x", "x"));
        ShouldStayInside(new TarFile().Folder("d").Link("d", outside).File("d/x", "x"));
        ShouldStayInside(new TarFile().Link("victim", Path.Combine(outside, "victim")).File("victim", "overwritten"));
    }

    [Fact]
    public void A_hard_link_reaches_only_what_the_archive_has()
    {
        var victim = Path.Combine(host.Folder, "outside", "victim");
        ShouldStayInside(new TarFile().HardLink("stolen", victim).File("stolen", "overwritten"));
        ShouldStayInside(new TarFile().HardLink("stolen", "../../../../../../../.." + victim).File("stolen", "overwritten"));
        ShouldStayInside(new TarFile().Link("door", Path.Combine(host.Folder, "outside")).HardLink("stolen", "door/victim").File("stolen", "overwritten"));
    }

    [Fact]
    public void A_whiteout_removes_nothing_outside()
    {
        ShouldStayInside(new TarFile().Link("door", Path.Combine(host.Folder, "outside")).File("door/.wh.victim"));
        ShouldStayInside(new TarFile().File(".wh..."));
        ShouldStayInside(new TarFile().File(".wh."));
        ShouldStayInside(new TarFile().File("../.wh.layers"));
    }

    [Theory]
    [InlineData("77777777777")]
    [InlineData("99999999999")]
    [InlineData("-0000000001")]
    public void A_size_that_lies_is_told(string size)
    {
        var before = Layers();
        var file = Write(new TarFile().Entry("liar", '0', content: "short", size: size).ToArray());
        host.Sampan("import", file, "liar").ShouldFailInOneLine(1);
        Layers().ShouldBe(before);
        host.Sampan("images").ShouldSucceed().ShouldNotContain("liar");
    }

    [Fact]
    public void Damage_is_told_and_nothing_half_made_is_left()
    {
        var before = Layers();
        var whole = new TarFile().File("a", new string('a', 5000)).File("b", new string('b', 5000));
        host.Sampan("import", Write(whole.Truncated(3000)), "damaged").ShouldFailInOneLine(1);
        host.Sampan("import", Write(new TarFile().Entry("a", '0', badChecksum: true).ToArray()), "damaged").ShouldFailInOneLine(1);
        host.Sampan("import", Write([.. Enumerable.Repeat((byte)'x', 4096)]), "damaged").ShouldFailInOneLine(1);
        host.Sampan("import", Write([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]), "damaged").ShouldFailInOneLine(1);
        host.Sampan("import", Write([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3, 4]), "damaged").ShouldFailInOneLine(1);
        host.Sampan("import", "/no/such/file.tar", "damaged").ShouldFailInOneLine(1, "/no/such/file.tar");
        host.Sampan("load", "-i", Write(whole.ToArray())).ShouldFailInOneLine(1);
        host.Sampan("load", "-i", Write([])).ExitCode.ShouldBe(1);
        host.Sampan("images").ShouldSucceed().ShouldNotContain("damaged");
        Layers().ShouldBe(before);
    }

    [Theory]
    [InlineData("""[{"Config":"../../../../etc/passwd","RepoTags":["x:1"],"Layers":[]}]""")]
    [InlineData("""[{"Config":"config.json","RepoTags":["x:1"],"Layers":["../../../../etc/passwd"]}]""")]
    [InlineData("""[{"Config":"config.json","RepoTags":["../x:1"],"Layers":[]}]""")]
    [InlineData("""[{"Config":"missing.json","RepoTags":["x:1"],"Layers":[]}]""")]
    [InlineData("""{"not":"a list"}""")]
    [InlineData("not json")]
    public void A_manifest_that_points_elsewhere_is_refused(string manifest)
    {
        var archive = new TarFile().File("manifest.json", manifest).File("config.json", """{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}}""");
        host.Sampan("load", "-i", Write(archive.ToArray())).ShouldFailInOneLine(1);
    }

    [Fact]
    public void A_layer_that_is_not_what_its_digest_says_is_refused()
    {
        var layer = System.Text.Encoding.UTF8.GetString(new TarFile().File("a").ToArray());
        var config = $$$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:{{{new string('0', 64)}}}"]}}""";
        var archive = new TarFile().File("manifest.json", """[{"Config":"config.json","RepoTags":["forged:1"],"Layers":["layer.tar"]}]""").File("config.json", config).File("layer.tar", layer);
        host.Sampan("load", "-i", Write(archive.ToArray())).ShouldFailInOneLine(1);
        host.Sampan("images").ShouldSucceed().ShouldNotContain("forged");
    }

    [Fact]
    public void A_tree_as_deep_as_it_is_long_is_taken_or_refused_but_never_crashes()
    {
        var archive = new TarFile();
        for (var depth = 1; depth <= 48; depth++)
        {
            archive.Folder(string.Join('/', Enumerable.Repeat("d", depth)));
        }

        ShouldStayInside(archive);
    }

    [Fact]
    public void A_full_disk_is_told_and_leaves_nothing()
    {
        var small = Path.Combine(host.Folder, "small");
        var archive = Path.Combine(host.Folder, "large.tar");
        Host.Shell("mkdir \"$1\" \"$1.tree\"; head -c 30000000 /dev/urandom > \"$1.tree/file\"; tar -C \"$1.tree\" -cf \"$2\" .", small, archive);
        // In a mount namespace of its own, so that a test that is killed leaves no mount behind.
        var script = """
            mount -t tmpfs -o size=16m none "$1"
            "$2" --root "$1/root" --state "$1/state" import "$3" large 2>"$1/error"; code=$?
            cat "$1/error"; echo "code $code"; find "$1/root" -type f -size +100k
            """;
        using var command = new RunningCommand("unshare", ["-m", "sh", "-c", script, "sh", small, Host.Binary, archive]);
        command.CloseInput();
        var lines = command.Wait().Lines;
        lines.Count.ShouldBe(2, string.Join('\n', lines));
        lines[0].ShouldContain("no space left on device", Case.Insensitive);
        lines[1].ShouldBe("code 1");
    }
}
