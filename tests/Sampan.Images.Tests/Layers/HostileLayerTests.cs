using Sampan.Images.Tests.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Tests.Layers;

/// <summary>Archives made to reach outside, to break the parser, or to exhaust the host. Whatever they are, what lies outside stays as it is.</summary>
public sealed class HostileLayerTests : IDisposable
{
    private readonly ImageFixture _fixture = new();
    private readonly string _outside;
    private readonly string _before;

    public HostileLayerTests()
    {
        _outside = _fixture["outside"];
        FileTree.MakeDirectories(_outside + "/dir");
        File.WriteAllText(_outside + "/canary", "alive");
        File.WriteAllText(_outside + "/dir/canary", "alive");
        _before = State();
    }

    public void Dispose()
    {
        State().ShouldBe(_before);
        _fixture.Dispose();
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../evil")]
    [InlineData("/../evil")]
    [InlineData("./.././evil")]
    [InlineData("..")]
    [InlineData("a/../..")]
    public void Names_that_leave_the_layer_are_refused(string name) =>
        Refused(new RawTar().File(name)).ShouldContain($"entry \"{name}\" points outside");

    [Theory]
    [InlineData("/etc/evil", "etc/evil")]
    [InlineData("//etc//./evil", "etc/evil")]
    [InlineData("a/b/../c", "a/c")]
    public void Names_are_cleaned(string name, string path) => File.ReadAllText(Layer(new RawTar().File(name)) + "/" + path).ShouldBe("evil");

    [Fact]
    public void A_link_as_a_parent_leads_nowhere_outside()
    {
        Refused(new RawTar().Symlink("link", _outside).File("link/evil"));
        Refused(new RawTar().Symlink("link", "../../../../../../../.." + _outside).File("link/canary"));
        Refused(new RawTar().Symlink("a", "b").Symlink("b", "a").File("a/evil"));
        Refused(new RawTar().Symlink("link", "/proc/self/root" + _outside).File("link/canary"));
    }

    [Fact]
    public void A_link_as_a_parent_is_followed_inside()
    {
        var layer = Layer(new RawTar().Directory("real").Symlink("link", "/real").File("link/file"));

        File.ReadAllText(layer + "/real/file").ShouldBe("evil");
    }

    [Fact]
    public void A_link_is_replaced_and_not_written_through()
    {
        var layer = Layer(new RawTar().Symlink("canary", _outside + "/canary").File("canary"));

        File.ResolveLinkTarget(layer + "/canary", false).ShouldBeNull();
        File.ReadAllText(layer + "/canary").ShouldBe("evil");
    }

    [Fact]
    public void A_link_is_replaced_by_a_directory_and_not_changed_through()
    {
        var layer = Layer(new RawTar().Symlink("dir", _outside + "/dir").Directory("dir", "0000777").File("dir/canary"));

        File.ReadAllText(layer + "/dir/canary").ShouldBe("evil");
    }

    [Fact]
    public void A_hard_link_to_a_link_is_replaced_and_not_written_through() =>
        File.ReadAllText(Layer(new RawTar().Symlink("link", _outside + "/canary").HardLink("hard", "link").File("hard")) + "/hard").ShouldBe("evil");

    [Theory]
    [InlineData("../outside/canary", "points outside")]
    [InlineData("/etc/passwd", "not in the layer")]
    [InlineData("none", "not in the layer")]
    [InlineData(".", "not in the layer")]
    [InlineData("dir", "make hard link")]
    public void Hard_links_stay_inside(string target, string reason) =>
        Refused(new RawTar().Directory("dir").HardLink("hard", target)).ShouldContain(reason);

    [Fact]
    public void A_hard_link_through_a_link_stays_inside() =>
        Refused(new RawTar().Symlink("link", _outside).HardLink("hard", "link/canary")).ShouldContain("not in the layer");

    [Theory]
    [InlineData(".wh.")]
    [InlineData(".wh..")]
    [InlineData(".wh...")]
    [InlineData("dir/.wh...")]
    public void Whiteouts_of_no_name_are_refused(string name) => Refused(new RawTar().Directory("dir").File(name)).ShouldContain("hides no name");

    [Fact]
    public void Whiteouts_behind_a_link_stay_inside()
    {
        Refused(new RawTar().Symlink("link", _outside).File("link/.wh.canary"));
        Refused(new RawTar().Symlink("link", _outside).File("link/.wh..wh..opq"));
    }

    [Theory]
    [InlineData(".", '0')]
    [InlineData("/", '2')]
    [InlineData("./", '1')]
    public void The_root_is_not_replaced(string name, char type) =>
        Refused(new RawTar().Entry(name, type, link: "x", mode: "0000644")).ShouldContain(name.EndsWith('/') && type == '0' ? "" : "replace its root");

    [Fact]
    public void Overlay_attributes_of_an_archive_are_dropped()
    {
        var layer = Layer(new RawTar().Pax("SCHILY.xattr.trusted.overlay.redirect=/etc", "SCHILY.xattr.trusted.overlay.opaque=y", "SCHILY.xattr.user.kept=1").Directory("dir"));

        using var root = FileDescriptor.Open(layer, OpenFlags.ReadOnly | OpenFlags.Directory);
        root.AttributesAt("dir").ShouldHaveSingleItem().Key.ToString().ShouldBe("user.kept");
    }

    [Fact]
    public void A_path_longer_than_the_kernel_takes_is_refused()
    {
        Refused(new RawTar().Pax("path=" + string.Concat(Enumerable.Repeat("d/", 5000)) + "x").File("x"));
        Refused(new RawTar().Pax("path=" + new string('n', 300)).File("x")).ShouldContain("ENAMETOOLONG");
    }

    [Fact]
    public void Names_and_extended_headers_of_megabytes_are_refused()
    {
        Refused(new RawTar().Entry("long", 'L', new string('n', 10 << 20)).File("x")).ShouldContain("extended header of 10485760 bytes");
        Refused(new RawTar().Entry("long", 'K', new string('n', 10 << 20)).File("x")).ShouldContain("extended header of 10485760 bytes");
        Refused(new RawTar().Pax("path=" + new string('n', 10 << 20)).File("x")).ShouldContain("extended header of");
        Refused(new RawTar().Pax("path=" + new string('n', 100 << 10)).File("x")).ShouldContain("a name of 102400 bytes");
        Refused(new RawTar().Pax("linkpath=" + new string('n', 100 << 10)).Symlink("x", "")).ShouldContain("a name of 102400 bytes");

        // Many small ones are one large one.
        var many = new RawTar();
        for (var count = 0; count < 20; count++)
        {
            many.Entry("pax", 'x', RawTar.Record($"k{count}=" + new string('v', 60_000)));
        }

        Refused(many.File("x")).ShouldContain("that are taken");
        var global = new RawTar();
        for (var count = 0; count < 20; count++)
        {
            global.Entry("pax", 'g', RawTar.Record($"k{count}=" + new string('v', 60_000))).File("x" + count);
        }

        Refused(global).ShouldContain("that are taken");
    }

    [Fact]
    public void Global_records_hold_until_an_entry_says_otherwise()
    {
        var layer = Layer(new RawTar()
            .Entry("pax", 'g', RawTar.Record("SCHILY.xattr.user.a=global") + RawTar.Record("mtime=100"))
            .File("one")
            .Pax("SCHILY.xattr.user.a=own", "mtime=200").File("two")
            .Pax("mtime=").File("three")
            .Entry("pax", 'g', RawTar.Record("mtime=300"))
            .File("four"));

        using var root = FileDescriptor.Open(layer, OpenFlags.ReadOnly | OpenFlags.Directory);
        root.AttributesAt("one").ShouldHaveSingleItem().Value.ShouldBe("global"u8.ToArray());
        root.AttributesAt("two").ShouldHaveSingleItem().Value.ShouldBe("own"u8.ToArray());
        new[] { "one", "two", "three", "four" }.Select(name => root.StatusAt(name).Modified.Seconds).ShouldBe([100, 200, 0, 300]);
    }

    [Fact]
    public void A_hard_link_to_a_link_is_a_link_to_the_link()
    {
        var layer = Layer(new RawTar().Symlink("link", _outside + "/canary").HardLink("hard", "link"));

        File.ResolveLinkTarget(layer + "/hard", false)!.FullName.ShouldBe(_outside + "/canary");
        File.GetAttributes(_outside + "/canary").HasFlag(FileAttributes.ReparsePoint).ShouldBeFalse();
    }

    [Fact]
    public void Of_a_name_that_comes_twice_the_last_counts()
    {
        var layer = Layer(new RawTar().Directory("d", "0000700").File("d/f", "first").Symlink("s", "d").File("d/f", "second").Directory("d", "0000755").File("s", "no link")
            .Pax("mtime=100").Directory("t").Pax("mtime=200").Directory("t"));

        File.ReadAllText(layer + "/d/f").ShouldBe("second");
        File.ReadAllText(layer + "/s").ShouldBe("no link");
        _fixture.Run("stat", "-c", "%a", layer + "/d").ShouldBe("755\n");
        _fixture.Run("stat", "-c", "%Y", layer + "/t").ShouldBe("200\n");
    }

    [Fact]
    public void Times_of_more_directories_than_fit_in_memory_are_set()
    {
        var archive = new RawTar();
        for (var count = 0; count < 6000; count++)
        {
            archive.Pax("mtime=" + (1000 + count)).Directory($"{new string('d', 80)}{count % 500}");
        }

        var layer = Layer(archive);

        _fixture.Run("stat", "-c", "%Y", $"{layer}/{new string('d', 80)}7").ShouldBe("6507\n");
        Directory.GetFileSystemEntries(layer).Length.ShouldBe(500);
    }

    [Fact]
    public void What_a_name_does_to_a_terminal_is_not_in_the_message() =>
        Refused(new RawTar().File("../\u001b[2Jx\ny")).ShouldBe("invalid layer: entry \"../\\x1b[2Jx\\ny\" points outside of it");

    [Fact]
    public void Damaged_archives_are_refused()
    {
        var good = new RawTar().File("file", new string('x', 2000)).Bytes;
        Refused(good[..1024]).ShouldBe("invalid tar: unexpected end of archive");
        Refused(good[..600]).ShouldBe("invalid tar: unexpected end of archive");
        Refused(good[..300]).ShouldBe("invalid tar: unexpected end of archive");
        Refused([.. "this is not an archive"u8, .. new byte[512]]).ShouldBe("not a tar archive: bad header checksum");
        Refused([]).ShouldBe("not a tar archive: it is empty");
        Refused([.. new byte[512], .. good]).ShouldBe("invalid tar: data after a lone zero block at byte 0");
        good[5] ^= 1;
        Refused(good).ShouldBe("not a tar archive: bad header checksum");
    }

    [Fact]
    public void Headers_that_lie_are_refused()
    {
        Refused(new RawTar().Entry("x", 'Q')).ShouldContain("unknown entry type 0x51");
        Refused(new RawTar().Entry("x", '0', size: "9zz")).ShouldContain("bad size");
        Refused(new RawTar().Entry("x", '0', size: "\u00ff" + new string('\u00ff', 11))).ShouldContain("negative size");
        Refused(new RawTar().Entry("x", '0', size: "\u0080\u007f" + new string('\u00ff', 10))).ShouldContain("bad size");
        Refused(new RawTar().Entry("x", 'x', size: "77777777777")).ShouldContain("extended header of");
        Refused(new RawTar().Entry("x", 'L', size: "77777777777")).ShouldContain("extended header of");
        Refused(new RawTar().Pax("uid=-5").File("x")).ShouldContain("out of range");
        Refused(new RawTar().Pax("uid=99999999999").File("x")).ShouldContain("out of range");
        Refused(new RawTar().Pax("size=-1").File("x")).ShouldContain("negative size");
        Refused(new RawTar().Pax("size=1x").File("x")).ShouldContain("bad number");
        Refused(new RawTar().Pax("path=a\0b").File("x")).ShouldContain("contains NUL");
        Refused(new RawTar().Entry("pax", 'x', "9999 path=x\n").File("x")).ShouldContain("malformed pax");
        Refused(new RawTar().Entry("pax", 'x', "path=x\n").File("x")).ShouldContain("malformed pax");
        Refused(new RawTar().Entry("pax", 'x', "-7 a=b\n").File("x")).ShouldContain("malformed pax");
        Refused(new RawTar().Pax("path=x")).ShouldContain("unexpected end");
    }

    [Theory]
    [InlineData("0,10,5,10")]
    [InlineData("0,99999999999")]
    [InlineData("-5,3")]
    [InlineData("9223372036854775807,9223372036854775807")]
    [InlineData("0,3")]
    public void Sparse_maps_that_lie_are_refused(string map) =>
        Refused(new RawTar().Pax("GNU.sparse.size=1000", "GNU.sparse.map=" + map).File("x", "twenty bytes of data")).ShouldContain("sparse map");

    [Fact]
    public void A_file_larger_than_the_file_system_can_hold_is_refused() =>
        Refused(new RawTar().Pax("GNU.sparse.size=9223372036854775807", "GNU.sparse.map=0,4").File("x")).ShouldContain("EFBIG");

    [Fact]
    public void A_bomb_is_unpacked_in_bounded_memory()
    {
        // 256 MiB of zeros in 260 KB, inside 256 bytes of zstd.
        using (var zeros = File.Create(_fixture["zeros"]))
        {
            zeros.SetLength(256 << 20);
        }

        _fixture.Run("tar", "-C", _fixture.Path, "--zstd", "-cf", _fixture["bomb.tar.zst"], "zeros");
        var before = GC.GetTotalAllocatedBytes(precise: true);

        using (var archive = FileDescriptor.Open(_fixture["bomb.tar.zst"], OpenFlags.ReadOnly))
        {
            _fixture.Store.Import(new DescriptorStream(archive), new());
        }

        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(16 << 20);
    }

    [Fact]
    public void A_window_of_gigabytes_is_refused()
    {
        _fixture.Run("sh", "-c", $"head -c 1000 /dev/zero | zstd -q --ultra --long=31 -o {_fixture["wide.zst"]}");

        Refused(File.ReadAllBytes(_fixture["wide.zst"])).ShouldBe("zstd: Frame requires too much memory for decoding");
    }

    [Fact]
    public void Cut_off_compression_is_refused()
    {
        File.WriteAllBytes(_fixture["x.tar"], new RawTar().File("file", Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(50_000))).Bytes);
        _fixture.Run("gzip", "-k", _fixture["x.tar"]);
        _fixture.Run("zstd", "-q", _fixture["x.tar"], "-o", _fixture["x.zst"]);
        _fixture.Run("xz", "-k", _fixture["x.tar"]);
        _fixture.Run("bzip2", "-k", _fixture["x.tar"]);

        Refused(File.ReadAllBytes(_fixture["x.tar.gz"])[..20_000]);
        Refused(File.ReadAllBytes(_fixture["x.zst"])[..20_000]).ShouldContain("zstd");
        Refused(File.ReadAllBytes(_fixture["x.zst"])[..^2]).ShouldContain("zstd");
        Refused(File.ReadAllBytes(_fixture["x.tar.xz"])[..20_000]).ShouldBe("xz: unexpected end of compressed data");
        Refused(File.ReadAllBytes(_fixture["x.tar.bz2"])[..20_000]).ShouldBe("bzip2: unexpected end of compressed data");
        var damaged = File.ReadAllBytes(_fixture["x.tar.gz"]);
        damaged[10_000] ^= 0x55;
        Refused(damaged);
        foreach (var (packed, words) in new[] { ("x.tar.xz", "xz: the compressed data is damaged"), ("x.tar.bz2", "bzip2: the compressed data is damaged") })
        {
            damaged = File.ReadAllBytes(_fixture[packed]);
            damaged[damaged.Length / 2] ^= 0x55;
            Refused(damaged).ShouldBe(words);
        }
    }

    [Fact]
    public void Whatever_the_bytes_are_nothing_outside_changes_and_nothing_is_left()
    {
        var seed = new RawTar()
            .Directory("dir").File("dir/file", new string('x', 700)).Symlink("link", _outside).HardLink("hard", "dir/file")
            .Pax("SCHILY.xattr.user.a=b", "mtime=12.5").File("attributes").File("dir/.wh.gone")
            .Entry("device", '3', major: "0000001", minor: "0000003").Entry("fifo", '6').Bytes;
        var random = new Random(20261121);
        for (var round = 0; round < 400; round++)
        {
            var mutant = (byte[])seed.Clone();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                mutant[random.Next(mutant.Length - 1024)] = (byte)random.Next(256);
            }

            // Most changes would end at the checksum: sign each header again.
            for (var block = 0; block + 512 <= mutant.Length - 1024; block += 512)
            {
                if (mutant.AsSpan(block + 257, 5).SequenceEqual("ustar"u8) && random.Next(4) > 0)
                {
                    RawTar.Signed(mutant[block..(block + 512)]).CopyTo(mutant, block);
                }
            }

            try
            {
                _fixture.Store.Import(new MemoryStream(mutant), new());
            }
            catch (SampanException error)
            {
                error.Message.ShouldNotContain('\n');
                error.Kind.ShouldBe(ErrorKind.InvalidArgument);
            }

            FileTree.List(_fixture["store/work"]).ShouldBeEmpty();
        }
    }

    private string Layer(RawTar archive) => _fixture.Import(archive.Bytes).LayerDirectories[0];

    private string Refused(RawTar archive) => Refused(archive.Bytes);

    private string Refused(byte[] archive)
    {
        var error = Should.Throw<SampanException>(() => _fixture.Import(archive));
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldNotContain('\n');
        FileTree.List(_fixture["store/work"]).ShouldBeEmpty();
        FileTree.List(_fixture["store/layers"]).ShouldBeEmpty();
        FileTree.List(_fixture["store/blobs/sha256"]).ShouldBeEmpty();
        return error.Message;
    }

    private string State() => _fixture.Listing("outside") + File.ReadAllText(_outside + "/canary");
}
