using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Sampan.Images.Receiving;
using Sampan.Images.Tests.Tar;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Tests.Receiving;

/// <summary>Images that come layer by layer, as from a registry.</summary>
public sealed class ReceiveTests : IDisposable
{
    private readonly ImageFixture _fixture = new();
    private readonly ConcurrentQueue<string> _opened = [];
    private readonly ConcurrentQueue<(string Layer, LayerStage Stage)> _told = [];

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void It_comes_whole_and_is_found_by_name_and_digest()
    {
        var one = Layer("one", "1");
        var two = Gzip(Layer("two", "2"));
        var image = Image([one, two], [one, Layer("two", "2")], "registry.example/app:1");

        Receive(image, one, two).ShouldBeTrue();

        var stored = _fixture.Store.Find("registry.example/app:1");
        stored.Id.ShouldBe(Hash(image.ConfigBytes.Span));
        stored.LayerDirectories.Select(directory => Path.GetFileName(Directory.GetFiles(directory)[0])).ShouldBe(["one", "two"]);
        stored.RepoDigests.ShouldBe([$"registry.example/app@{image.SourceDigest}"]);
        _fixture.Store.Find($"registry.example/app@{image.SourceDigest}").Id.ShouldBe(stored.Id);
        foreach (var blob in new[] { one, two, image.ConfigBytes.ToArray(), image.ManifestBytes.ToArray() })
        {
            File.ReadAllBytes(Blob(Hash(blob))).ShouldBe(blob);
        }

        Leftovers().ShouldBeEmpty();
        _told.Where(told => told.Layer == Hash(two)).Select(told => told.Stage).ShouldBe([LayerStage.Needed, LayerStage.Coming, LayerStage.Arrived, LayerStage.Complete]);
    }

    [Fact]
    public void What_is_there_does_not_come_again()
    {
        var one = Layer("one", "1");
        var two = Layer("two", "2");
        Receive(Image([one], [one], "app:1"), one);
        var next = Image([one, two, one], [one, two, one], "app:2");

        Receive(next, one, two).ShouldBeTrue();
        Receive(next, one, two).ShouldBeFalse();

        _opened.ShouldBe([Hash(one), Hash(two)]);
        _fixture.Store.Find("app:2").LayerDirectories.Count.ShouldBe(3);
        _told.ShouldContain((Hash(one), LayerStage.Existed));
    }

    [Fact]
    public void A_layer_that_was_lost_is_unpacked_again_from_its_blob()
    {
        var one = Layer("one", "1");
        var image = Image([one], [one], "app:1");
        Receive(image, one);
        Directory.Delete(_fixture.Store.Find("app:1").LayerDirectories[0], recursive: true);

        Receive(image, one);

        _opened.Count.ShouldBe(1);
        File.ReadAllText(_fixture.Store.Find("app:1").LayerDirectories[0] + "/one").ShouldBe("1");
    }

    [Fact]
    public void What_came_before_a_connection_was_lost_is_where_the_next_one_goes_on()
    {
        var layer = Layer("file", Noise(300_000));
        var image = Image([layer], [layer], "app:1");

        Should.Throw<SampanException>(() => Receive(image, (_, already) => new Broken(already ?? new MemoryStream(layer), 200_000)))
            .Kind.ShouldBe(ErrorKind.Unavailable);
        Should.Throw<SampanException>(() => _fixture.Store.Find("app:1")).Kind.ShouldBe(ErrorKind.NotFound);
        var kept = new FileInfo(_fixture["store/downloads/" + Hash(layer)[7..]]).Length;
        kept.ShouldBeInRange(1, 200_000);

        Receive(image, (_, already) =>
        {
            var first = ReadAll(already.ShouldNotBeNull());
            first.ShouldBe(layer[..(int)kept]);
            return new MemoryStream([.. first, .. layer[(int)kept..]]);
        });

        File.ReadAllBytes(Blob(Hash(layer))).ShouldBe(layer);
        File.ReadAllText(_fixture.Store.Find("app:1").LayerDirectories[0] + "/file").Length.ShouldBe(300_000);
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public void What_an_earlier_one_left_is_dropped_when_it_is_wrong()
    {
        var layer = Layer("file", Noise(1000));
        Directory.CreateDirectory(_fixture["store/downloads"]);
        File.WriteAllBytes(_fixture["store/downloads/" + Hash(layer)[7..]], new byte[700]);
        var tries = 0;

        Receive(Image([layer], [layer], "app:1"), (_, already) =>
        {
            tries++;
            return already is null ? new MemoryStream(layer) : new MemoryStream([.. ReadAll(already), .. layer[700..]]);
        });

        tries.ShouldBe(2);
        File.ReadAllBytes(Blob(Hash(layer))).ShouldBe(layer);
        _fixture.Store.Find("app:1").LayerDirectories.Count.ShouldBe(1);
    }

    [Fact]
    public void A_layer_that_is_not_what_its_configuration_says_leaves_nothing()
    {
        var layer = Layer("file", "evil");
        var good = Layer("good", "1");

        Should.Throw<SampanException>(() => Receive(Image([layer], [Layer("file", "good")], "app:1"), layer))
            .Message.ShouldContain($"its content has the digest {Hash(layer)}");
        Should.Throw<SampanException>(() => Receive(Image([good], [], "app:1"), good)).Message.ShouldContain("it has 0 layers and its manifest 1");
        var hostile = new RawTar().File("../../escape").Bytes;
        Should.Throw<SampanException>(() => Receive(Image([hostile], [hostile], "app:1"), hostile)).Kind.ShouldBe(ErrorKind.InvalidArgument);

        _fixture.Store.List().ShouldBeEmpty();
        Leftovers().ShouldBeEmpty();
        Directory.GetDirectories(_fixture["store/layers"]).ShouldBeEmpty();
        Directory.GetFiles(_fixture["store/blobs/sha256"]).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_fails_stops_the_others()
    {
        var bad = Layer("bad", "1");
        var slow = Layer("slow", "2");
        using var cancelled = new ManualResetEventSlim();

        Should.Throw<SampanException>(() => _fixture.Store.Receive(
            Image([slow, bad], [slow, bad], "app:1"),
            (layer, _) =>
            {
                if (layer.Digest == Hash(slow))
                {
                    cancelled.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken).ShouldBeTrue("the others are told");
                }

                throw SampanException.Unavailable(layer.Digest == Hash(bad) ? "first" : "second");
            },
            cancelled.Set)).Message.ShouldBe("first");
    }

    [Fact]
    public async Task Of_many_at_once_one_fetches_each_layer()
    {
        byte[][] layers = [.. Enumerable.Range(0, 6).Select(number => Layer($"file{number}", Noise(100_000)))];
        var fetched = new ConcurrentDictionary<string, int>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Factory.StartNew(
            () =>
            {
                // A store of its own, as another process has; its layers in another order.
                var store = new ImageStore(_fixture["store"], durable: false);
                byte[][] mine = number % 2 == 0 ? layers : [.. layers.Reverse()];
                return store.Receive(
                    Image(mine, mine, $"app:{number}"),
                    (layer, _) =>
                    {
                        fetched.AddOrUpdate(layer.Digest!, 1, static (_, count) => count + 1);
                        return new MemoryStream(mine.Single(content => Hash(content) == layer.Digest));
                    },
                    static () => { });
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        fetched.Count.ShouldBe(6);
        fetched.Values.ShouldAllBe(count => count == 1);
        _fixture.Store.List().SelectMany(image => image.References).Count().ShouldBe(8);
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public void A_collection_takes_what_nobody_went_on_with()
    {
        var layer = Layer("file", Noise(300_000));
        Should.Throw<SampanException>(() => Receive(Image([layer], [layer], "app:1"), (_, _) => new Broken(new MemoryStream(layer), 200_000)));
        Leftovers().ShouldNotBeEmpty();

        // Any writer that ends collects.
        _fixture.Import(Layer("other", "1"), "other:1");

        Leftovers().ShouldBeEmpty();
    }

    private static byte[] Layer(string name, string content) => new RawTar().File(name, content).Bytes;

    private static string Noise(int length) => string.Create(length, 17, static (span, seed) =>
    {
        var random = new Random(seed);
        for (var index = 0; index < span.Length; index++)
        {
            span[index] = (char)random.Next(32, 127);
        }
    });

    private static byte[] Gzip(byte[] content)
    {
        var output = new MemoryStream();
        using (var zip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(content);
        }

        return output.ToArray();
    }

    private static byte[] ReadAll(Stream stream)
    {
        using (stream)
        {
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
    }

    private static string Hash(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static IncomingImage Image(byte[][] layers, byte[][] plain, string reference)
    {
        var diffIds = string.Join(',', plain.Select(content => $"\"{Hash(content)}\""));
        var config = Encoding.UTF8.GetBytes("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + diffIds + "]}}");
        Descriptor[] descriptors = [.. layers.Select(content => new Descriptor { MediaType = MediaTypes.LayerGzip, Digest = Hash(content), Size = content.Length })];
        var manifest = ImageJson.ImageManifest.ToBytes(new()
        {
            MediaType = MediaTypes.Manifest,
            Config = new() { MediaType = MediaTypes.Config, Digest = Hash(config), Size = config.Length },
            Layers = descriptors,
        });
        return new()
        {
            Manifest = new() { MediaType = MediaTypes.Manifest, Digest = Hash(manifest), Size = manifest.Length },
            ManifestBytes = manifest,
            Config = new() { MediaType = MediaTypes.Config, Digest = Hash(config), Size = config.Length },
            ConfigBytes = config,
            Layers = descriptors,
            Reference = ImageReference.Parse(reference),
            SourceDigest = Hash(Encoding.UTF8.GetBytes("index of " + reference)),
        };
    }

    private bool Receive(IncomingImage image, params byte[][] contents) =>
        Receive(image, (layer, _) => new MemoryStream(contents.Single(content => Hash(content) == layer.Digest)));

    private bool Receive(IncomingImage image, Func<Descriptor, Stream?, Stream> open) => _fixture.Store.Receive(
        image,
        (layer, already) =>
        {
            _opened.Enqueue(layer.Digest!);
            return open(layer, already);
        },
        static () => { },
        new() { Progress = (layer, stage) => _told.Enqueue((layer.Digest!, stage)) });

    private string Blob(string digest) => _fixture["store/blobs/sha256/" + digest[7..]];

    private string[] Leftovers() => [.. Directory.GetFileSystemEntries(_fixture["store/work"]), .. Directory.GetFileSystemEntries(_fixture["store/downloads"])];

    /// <summary>A connection that breaks after so many bytes.</summary>
    private sealed class Broken(Stream inner, int after) : Stream
    {
        private int _left = after;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            if (_left == 0)
            {
                throw SampanException.Unavailable("connection reset");
            }

            var count = inner.Read(buffer[..Math.Min(buffer.Length, _left)]);
            _left -= count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
