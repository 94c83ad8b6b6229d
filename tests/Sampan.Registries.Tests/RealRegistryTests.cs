using Sampan.Linux;
using Sampan.Registries.Platforms;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests;

/// <summary>Against Debian's docker-registry.</summary>
public sealed class RealRegistryTests(RealRegistryTests.Shared shared) : IClassFixture<RealRegistryTests.Shared>, IDisposable
{
    private readonly Surroundings _surroundings = new();

    public void Dispose() => _surroundings.Dispose();

    [Theory]
    [InlineData(UploadStyle.Streamed)]
    [InlineData(UploadStyle.Chunked)]
    [InlineData(UploadStyle.Monolithic)]
    public void What_was_pushed_is_pulled_and_read_by_skopeo(UploadStyle style)
    {
        var image = new TestImage(100 + (int)style, "amd64", 2_000_000, 300_000, 10);
        var name = $"{shared.Registry.Host}/team/{style.ToString().ToLowerInvariant()}:v1";
        List<BlobOutcome> outcomes = [];
        var options = new PushOptions { Style = style, ChunkSize = 500_000, Done = (_, outcome) => { lock (outcomes) { outcomes.Add(outcome); } } };
        _surroundings.Target(name).PushImage(image.Manifest, _ => throw new InvalidOperationException(), image.Open, options);
        outcomes.ShouldBe(Enumerable.Repeat(BlobOutcome.Pushed, 4));
        outcomes.Clear();
        _surroundings.Target(name).PushImage(image.Manifest, _ => throw new InvalidOperationException(), image.Open, options);
        outcomes.ShouldBe(Enumerable.Repeat(BlobOutcome.Existed, 4));

        var source = _surroundings.Source(name);
        source.Resolve().ShouldBe(image.Manifest.Descriptor);
        var manifest = source.GetManifest();
        manifest.Bytes.ToArray().ShouldBe(image.Manifest.Bytes.ToArray());
        source.GetBlob(manifest.Config!).ShouldBe(image[manifest.Config!]);
        foreach (var layer in manifest.Layers)
        {
            source.OpenBlob(layer).ReadAll().ShouldBe(image[layer]);
            source.OpenBlob(layer, new MemoryStream(image[layer][..5])).ReadAll().ShouldBe(image[layer], "the rest by Range");
        }

        Programs.Require("skopeo", "skopeo", "reads what was pushed");
        Programs.Run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + name).ShouldBe(System.Text.Encoding.UTF8.GetString(image.Manifest.Bytes.Span));
    }

    [Fact]
    public void An_index_is_pushed_and_chosen_from()
    {
        var (one, other) = (new TestImage(7, "amd64", 1000), new TestImage(8, "arm", 1000));
        var images = new[] { one, other };
        var index = TestImage.Index((one.Manifest, new() { Os = "linux", Architecture = "amd64" }), (other.Manifest, new() { Os = "linux", Architecture = "arm", Variant = "v6" }));
        var name = shared.Registry.Host + "/index:1";
        _surroundings.Target(name).PushImage(
            index,
            child => images.Single(image => image.Manifest.Descriptor.Digest == child.Digest).Manifest,
            (blob, offset) => images.First(image => image.Layers.Append(image.Manifest.Config!).Any(each => each.Digest == blob.Digest)).Open(blob, offset));
        var source = _surroundings.Source(name);
        var root = source.GetManifest();
        root.IsIndex.ShouldBeTrue();
        source.ChooseImage(root, PlatformName.Parse("linux/arm/v7")).Descriptor.Digest.ShouldBe(other.Manifest.Descriptor.Digest);
        source.ChooseImage(root, PlatformName.Parse("linux/amd64")).Config!.Digest.ShouldBe(one.Manifest.Config!.Digest);
        _surroundings.Source($"{shared.Registry.Host}/index@{one.Manifest.Descriptor.Digest}").GetManifest().Config!.Digest.ShouldBe(one.Manifest.Config!.Digest);
    }

    [Fact]
    public void A_blob_is_mounted_from_another_repository()
    {
        var image = new TestImage(9, "amd64", 50_000);
        Target("from").PushImage(image.Manifest, _ => throw new InvalidOperationException(), image.Open);
        var target = Target("to");
        target.HasBlob(image.Layers[0]).ShouldBeFalse();
        target.PushBlob(image.Layers[0], _ => throw new InvalidOperationException(), new() { MountFrom = _ => "from" }).ShouldBe(BlobOutcome.Mounted);
        target.HasBlob(image.Layers[0]).ShouldBeTrue();
    }

    [Fact]
    public void Tags_and_repositories_are_listed_page_by_page()
    {
        var image = new TestImage(10, "amd64", 10);
        var target = Target("tags");
        target.PushImage(image.Manifest, _ => throw new InvalidOperationException(), image.Open);
        foreach (var number in Enumerable.Range(0, 5))
        {
            target.PushManifest(image.Manifest, $"t{number}");
        }

        _surroundings.Source(shared.Registry.Host + "/tags").ListTags().ShouldBe(["latest", "t0", "t1", "t2", "t3", "t4"], ignoreOrder: true);
        _surroundings.Client().ListRepositories(shared.Registry.Host).ShouldContain("tags");
    }

    [Fact]
    public void A_registry_without_a_list_of_referrers_has_none() =>
        _surroundings.Source(shared.Registry.Host + "/none").ListReferrers(TestImage.DigestOf([1])).ShouldBeEmpty();

    [Theory]
    [InlineData("nothing/here:1", "manifest for HOST/nothing/here:1 not found: manifest unknown: manifest unknown")]
    public void What_is_not_there_is_told_as_docker_tells_it(string name, string words) =>
        Should.Throw<SampanException>(() => _surroundings.Source($"{shared.Registry.Host}/{name}").GetManifest()).Message.ShouldBe(words.Replace("HOST", shared.Registry.Host));

    [Fact]
    public void A_manifest_whose_blobs_are_missing_is_refused() =>
        Should.Throw<SampanException>(() => Target("missing").PushManifest(new TestImage(11, "amd64", 10).Manifest, "1")).Message.ShouldStartWith("manifest blob unknown: ");

    [Fact]
    public void Blobs_that_arrive_wrong_are_refused()
    {
        var image = new TestImage(12, "amd64", 1000);
        Should.Throw<SampanException>(() => Target("wrong").PushBlob(image.Layers[0], _ => new MemoryStream(new byte[1000]))).Message.ShouldStartWith("digest invalid: ");
    }

    /// <summary>A connection that breaks on the way up, again and again: what the registry has kept decides where it goes on.</summary>
    [Theory]
    [InlineData(UploadStyle.Streamed)]
    [InlineData(UploadStyle.Chunked)]
    [InlineData(UploadStyle.Monolithic)]
    public void Uploads_survive_a_line_that_breaks(UploadStyle style)
    {
        using var line = new BreakingLine(shared.Registry.Port, bytes: 400_000, times: 2);
        var image = new TestImage(20 + (int)style, "amd64", 1_000_000);
        _surroundings.Target($"{line.Host}/line:{style.ToString().ToLowerInvariant()}").PushImage(
            image.Manifest, _ => throw new InvalidOperationException(), image.Open, new() { Style = style, ChunkSize = 300_000, Parallelism = 1 });
        line.Broken.ShouldBe(2);
        _surroundings.Source($"{shared.Registry.Host}/line:{style.ToString().ToLowerInvariant()}").OpenBlob(image.Layers[0]).ReadAll().ShouldBe(image[image.Layers[0]]);
    }

    [Theory]
    [InlineData(UploadStyle.Streamed)]
    [InlineData(UploadStyle.Chunked)]
    public void A_registry_that_is_killed_and_comes_back_gets_the_rest(UploadStyle style)
    {
        using var registry = new RealRegistry();
        _surroundings.Retry = new() { FirstWait = TimeSpan.FromMilliseconds(300), Attempts = 10 };
        var image = new TestImage(60 + (int)style, "amd64", 2_000_000);
        var name = registry.Host + "/killed:1";
        var sent = 0L;
        var killed = false;
        _surroundings.Target(name).PushImage(image.Manifest, _ => throw new InvalidOperationException(), image.Open, new()
        {
            Style = style,
            ChunkSize = 300_000,
            Parallelism = 1,
            Progress = (_, bytes) =>
            {
                sent += bytes;
                if (sent > 700_000 && !killed)
                {
                    killed = true;
                    registry.Restart();
                }
            },
        });
        killed.ShouldBeTrue();
        _surroundings.Source(name).OpenBlob(image.Layers[0]).ReadAll().ShouldBe(image[image.Layers[0]]);
    }

    [Fact]
    public void Downloads_survive_a_line_that_breaks()
    {
        var image = new TestImage(30, "amd64", 3_000_000);
        Target("down").PushImage(image.Manifest, _ => throw new InvalidOperationException(), image.Open);
        using var line = new BreakingLine(shared.Registry.Port, bytes: 700_000, times: 3);
        _surroundings.Source($"{line.Host}/down").OpenBlob(image.Layers[0]).ReadAll().ShouldBe(image[image.Layers[0]]);
        line.Broken.ShouldBe(3);
    }

    private TargetRepository Target(string name) => _surroundings.Target($"{shared.Registry.Host}/{name}");

    public sealed class Shared : IDisposable
    {
        internal RealRegistry Registry { get; } = new();

        public void Dispose() => Registry.Dispose();
    }
}
