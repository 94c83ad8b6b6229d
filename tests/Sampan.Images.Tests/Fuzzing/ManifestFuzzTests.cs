using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sampan.Images.Tests.Tar;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Tests.Fuzzing;

/// <summary>Image archives whose documents were changed at random, in places and by bytes, with digests that fit again so that more of them is read.</summary>
public sealed class ManifestFuzzTests : IDisposable
{
    private const int Rounds = 1500;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(25);
    private static readonly string Layer = Encoding.Latin1.GetString(new RawTar().File("file", "content").Bytes);
    private readonly ImageFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(20261121, true)]
    [InlineData(20261122, false)]
    public void They_are_refused_in_one_line_or_taken_whole(int seed, bool layout)
    {
        FileTree.MakeDirectories(_fixture["outside"]);
        File.WriteAllText(_fixture["outside/canary"], "alive");
        var before = _fixture.Listing("outside");
        var random = new Random(seed);
        var until = DateTime.UtcNow + Enough;
        int taken = 0, refused = 0;
        while (taken + refused < Rounds && DateTime.UtcNow < until)
        {
            var archive = layout ? Layout(random) : Docker(random);
            try
            {
                foreach (var image in _fixture.Store.Load(new MemoryStream(archive)))
                {
                    _fixture.Store.Find(image.Id).LayerDirectories.ShouldAllBe(layer => Directory.Exists(layer));
                }

                taken++;
            }
            catch (SampanException error)
            {
                refused++;
                error.Kind.ShouldBeOneOf([ErrorKind.InvalidArgument, ErrorKind.NotFound], $"seed {seed}: {error}");
                error.Message.ShouldNotContain('\n');
                error.Message.Length.ShouldBeLessThan(4096);
            }

            FileTree.List(_fixture["store/work"]).ShouldBeEmpty();
            _fixture.Store.Check().ShouldBeEmpty($"seed {seed}");
        }

        _fixture.Listing("outside").ShouldBe(before);
        taken.ShouldBeGreaterThan(10);
        refused.ShouldBeGreaterThan(100);
    }

    private static byte[] Docker(Random random)
    {
        var config = Changed(random, Config());
        var manifest = Changed(random, """[{"Config":"c.json","RepoTags":["a:1","b/c:2"],"Layers":["l/layer.tar"]}]""");
        return new RawTar().Entry("l/layer.tar", '0', Layer).Entry("c.json", '0', config).Entry("manifest.json", '0', manifest).Bytes;
    }

    private static byte[] Layout(Random random)
    {
        var config = Changed(random, Config());
        var manifest = Changed(random, $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{Descriptor("application/vnd.oci.image.config.v1+json", config)}},"layers":[{{Descriptor("application/vnd.oci.image.layer.v1.tar", Layer)}}],"annotations":{"a":"b"} }""");
        var inner = Changed(random, $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{Descriptor("application/vnd.oci.image.manifest.v1+json", manifest, ",\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}")}}]}""");
        var entry = random.Next(2) == 0
            ? Descriptor("application/vnd.oci.image.index.v1+json", inner, ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"1\"}")
            : Descriptor("application/vnd.oci.image.manifest.v1+json", manifest, ",\"annotations\":{\"io.containerd.image.name\":\"docker.io/library/x:1\"}");
        var archive = new RawTar().Entry("oci-layout", '0', """{"imageLayoutVersion":"1.0.0"}""").Entry("index.json", '0', Changed(random, $$"""{"schemaVersion":2,"manifests":[{{entry}}]}"""));
        foreach (var blob in new[] { Layer, config, manifest, inner })
        {
            archive.Entry("blobs/sha256/" + Hash(blob)[7..], '0', blob);
        }

        return archive.Bytes;
    }

    private static string Config() => $$$"""{"architecture":"amd64","os":"linux","created":"2024-01-01T00:00:00Z","config":{"Env":["A=b"],"Cmd":["sh"],"Labels":{"x":"y"},"ExposedPorts":{"80/tcp":{}},"Healthcheck":{"Test":["CMD","true"],"Interval":1000000} },"rootfs":{"type":"layers","diff_ids":["{{{Hash(Layer)}}}"]},"history":[{"created":"2024-01-01T00:00:00Z","created_by":"x","empty_layer":false}]}""";

    private static string Descriptor(string mediaType, string blob, string more = "") =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{Hash(blob)}}","size":{{Encoding.Latin1.GetByteCount(blob)}}{{more}}}""";

    private static string Hash(string content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(content)));

    private static string Changed(Random random, string document)
    {
        switch (random.Next(6))
        {
            case 0:
                var bytes = document.ToCharArray();
                for (var count = random.Next(1, 4); count > 0; count--)
                {
                    bytes[random.Next(bytes.Length)] = (char)random.Next(256);
                }

                return new(bytes);
            case 1:
                return document[..random.Next(document.Length)];
            case 2:
            case 3:
                var root = JsonNode.Parse(document)!;
                List<JsonNode> places = [];
                Collect(root, places);
                Change(random, places[random.Next(places.Count)]);
                return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(root.ToJsonString()));
            default:
                return document;
        }
    }

    private static void Collect(JsonNode node, List<JsonNode> places)
    {
        places.Add(node);
        foreach (var child in node switch { JsonObject all => all.Select(pair => pair.Value), JsonArray all => all, _ => [] })
        {
            if (child is not null)
            {
                Collect(child, places);
            }
        }
    }

    private static void Change(Random random, JsonNode place)
    {
        switch (place)
        {
            case JsonObject all when all.Count > 0:
                var key = all.ElementAt(random.Next(all.Count)).Key;
                if (random.Next(4) == 0)
                {
                    all.Remove(key);
                }
                else
                {
                    all[random.Next(8) == 0 ? "manifests" : random.Next(8) == 0 ? "layers" : key] = Value(random);
                }

                break;
            case JsonArray all when all.Count > 0 && random.Next(3) == 0:
                for (var count = random.Next(1, 600); count > 0; count--)
                {
                    all.Add(all[0]!.DeepClone());
                }

                break;
            case JsonArray all:
                all.Add(Value(random));
                break;
        }
    }

    private static JsonNode? Value(Random random) => random.Next(16) switch
    {
        0 => null,
        1 => JsonValue.Create(-1),
        2 => JsonValue.Create(long.MaxValue),
        3 => JsonNode.Parse("1e999"),
        4 => JsonValue.Create(new string('x', 5000)),
        5 => JsonValue.Create("sha256:../../../../etc/passwd"),
        6 => JsonValue.Create("sha256:" + new string('0', 64)),
        7 => JsonValue.Create("sha512:" + new string('0', 128)),
        8 => JsonValue.Create("a\nb\u001b[2J"),
        9 => new JsonArray(),
        10 => new JsonObject(),
        11 => JsonNode.Parse(string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60))),
        12 => JsonValue.Create(true),
        13 => JsonValue.Create("../outside/canary"),
        14 => JsonValue.Create(""),
        _ => JsonValue.Create(0.5),
    };
}
