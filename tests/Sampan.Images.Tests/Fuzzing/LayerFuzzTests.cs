using Sampan.Images.Tests.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Tests.Fuzzing;

/// <summary>Layers put together at random of what breaks out of others. Seeded, and bounded in number and time.</summary>
public sealed class LayerFuzzTests : IDisposable
{
    private const int Rounds = 3000;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(25);
    private readonly ImageFixture _fixture = new();
    private readonly string _outside;
    private readonly string[] _names;
    private readonly string[] _targets;

    public LayerFuzzTests()
    {
        _outside = _fixture["outside"];
        FileTree.MakeDirectories(_outside + "/dir");
        File.WriteAllText(_outside + "/canary", "alive");
        File.WriteAllText(_outside + "/dir/canary", "alive");
        var up = "../../../../../../../../../..";
        _names =
        [
            "a", "b", "a/b", "a/canary", "a/dir/canary", "a/../b", "b/c/d", "link", "link/canary", "link/dir", "link/dir/canary", "link/../a", ".", "./", "/", "..", "../canary", "a/../../canary",
            up + _outside + "/canary", _outside + "/canary", "/a", "//b", "a//b/.", "canary", "dir", "dir/canary", "a/b/../../link/canary", ".wh.a", "a/.wh.b", "link/.wh.canary", ".wh..wh..opq",
            "a/.wh..wh..opq", "link/.wh..wh..opq", ".wh.", ".wh..", ".wh...", "a/.wh...", ".wh.link", ".wh..wh.plnk", ".wh.a/b", "proc", "proc/self/root", new string('n', 255), new string('n', 256),
            string.Join('/', Enumerable.Repeat("d", 200)), "a\nb", "\u001b[2J", "é\u00ff",
        ];
        _targets = [_outside, up + _outside, _outside + "/canary", "link", "a", "b", ".", "..", "/", "/proc/self/root" + _outside, "/proc/self/cwd", up, "link/canary", "dir", "canary", ""];
    }

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Nothing_outside_changes_and_nothing_is_left_of_what_was_refused()
    {
        var before = State();
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SAMPAN_FUZZ_SEED"), System.Globalization.CultureInfo.InvariantCulture, out var given) ? given : 20261121;
        var random = new Random(seed);
        var until = DateTime.UtcNow + Enough;
        var round = 0;
        for (; round < Rounds && DateTime.UtcNow < until; round++)
        {
            var archive = new RawTar();
            for (var count = random.Next(1, 9); count > 0; count--)
            {
                Add(archive, random);
            }

            try
            {
                var image = _fixture.Store.Find(_fixture.Store.Import(new MemoryStream(archive.Bytes), new()));
                ShouldBeInside(image.LayerDirectories[0]);
                _fixture.Store.Remove(image.Id, force: true, static _ => null);
            }
            catch (SampanException error)
            {
                error.Kind.ShouldBe(ErrorKind.InvalidArgument, $"seed {seed}, round {round}");
                error.Message.ShouldNotContain('\n');
                error.Message.ShouldNotContain('\u001b');
            }

            FileTree.List(_fixture["store/work"]).ShouldBeEmpty($"seed {seed}, round {round}");
            FileTree.List(_fixture["store/layers"]).ShouldBeEmpty($"seed {seed}, round {round}");
            if (round % 50 == 0)
            {
                State().ShouldBe(before, $"seed {seed}, round {round}");
            }
        }

        State().ShouldBe(before, $"seed {seed}");
        round.ShouldBeGreaterThan(100);
    }

    // A hard link into the layer would show here: no file of the layer has a link elsewhere.
    private void ShouldBeInside(string layer)
    {
        using var canary = FileDescriptor.Open(_outside + "/canary", OpenFlags.ReadOnly);
        canary.Status().Links.ShouldBe(1u);
        FileDescriptor.TryStatus(layer)!.Value.IsDirectory.ShouldBeTrue();
    }

    private void Add(RawTar archive, Random random)
    {
        var name = _names[random.Next(_names.Length)];
        if (random.Next(6) == 0)
        {
            archive.Pax(random.Next(6) switch
            {
                0 => "path=" + _names[random.Next(_names.Length)],
                1 => "linkpath=" + _targets[random.Next(_targets.Length)],
                2 => "SCHILY.xattr.trusted.overlay.redirect=" + _outside,
                3 => "SCHILY.xattr.trusted.overlay.opaque=y",
                4 => "GNU.sparse.name=" + _names[random.Next(_names.Length)],
                _ => "size=" + random.Next(-1, 3),
            });
        }

        if (name.Length > 100)
        {
            archive.Pax("path=" + name);
            name = "long";
        }

        var target = _targets[random.Next(_targets.Length)];
        var other = _names[random.Next(_names.Length)];
        other = other.Length > 100 ? target : other;
        _ = random.Next(9) switch
        {
            0 => archive.Directory(name),
            1 => archive.Symlink(name, target),
            2 => archive.HardLink(name, random.Next(2) == 0 ? target : other),
            3 => archive.Entry(name, random.Next(2) == 0 ? '3' : '4', major: "0000000", minor: "000000" + random.Next(3)),
            4 => archive.Entry(name, '6'),
            5 => archive.Symlink("link", target),
            6 => archive.Symlink("a", target),
            _ => archive.File(name),
        };
    }

    private string State() => _fixture.Listing("outside") + File.ReadAllText(_outside + "/canary") + File.ReadAllText(_outside + "/dir/canary");
}
