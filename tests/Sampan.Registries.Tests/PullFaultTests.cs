using System.Diagnostics;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Platforms;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests;

/// <summary>What goes wrong between a registry and us.</summary>
public sealed class PullFaultTests : IDisposable
{
    private readonly Surroundings _surroundings = new();
    private readonly FakeRegistry _registry = new();
    private readonly ScriptedServer _server;
    private readonly TestImage _image = new(1, "amd64", 300_000, 10);

    public PullFaultTests()
    {
        _server = new(_registry.Answer);
        _registry.Add(_image, "1");
    }

    private Descriptor Layer => _image.Layers[0];

    private string Name => _server.Host + "/x:1";

    public void Dispose()
    {
        _surroundings.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void A_manifest_is_asked_for_by_HEAD_first_and_then_by_digest()
    {
        var manifest = _surroundings.Source(Name).GetManifest();
        manifest.Bytes.ToArray().ShouldBe(_image.Manifest.Bytes.ToArray());
        _server.Questions.Select(question => question.ToString())
            .ShouldBe(["GET /v2/", "HEAD /v2/x/manifests/1", $"GET /v2/x/manifests/{_image.Manifest.Descriptor.Digest}"]);
        _server.Questions.Last()["Accept"].ShouldBe(
            "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json");
    }

    [Theory]
    [InlineData(405)]
    [InlineData(200)]
    public void A_registry_without_HEAD_is_asked_once_by_GET(int status)
    {
        _registry.Fault = question => question.Method == "HEAD" ? new Reply(status) : null;
        _surroundings.Source(Name).GetManifest().Descriptor.ShouldBe(_image.Manifest.Descriptor);
        _server.Questions.Count(question => question.Method == "GET" && question.Path.Contains("/manifests/")).ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(299_999)]
    public void A_connection_that_breaks_is_resumed_from_there(int after)
    {
        BreakOnce(reply => reply with { BreakAfter = after });
        Pull().ShouldBe(_image[Layer]);
        // What was in the socket's buffers when the reset came is lost: it may go on earlier, never later.
        var second = BlobQuestions().ElementAt(1);
        var from = second["Range"] is { } range ? int.Parse(range["bytes=".Length..^1]) : 0;
        from.ShouldBeInRange(0, after);
    }

    [Fact]
    public void What_is_chunked_and_breaks_is_resumed()
    {
        BreakOnce(reply => reply with { BreakAfter = 1000, Chunked = true });
        Pull().ShouldBe(_image[Layer]);
    }

    [Fact]
    public void Bytes_are_counted_once()
    {
        BreakOnce(reply => reply with { BreakAfter = 200_000 });
        var count = 0L;
        using var content = _surroundings.Source(Name).OpenBlob(Layer, null, bytes => count += bytes);
        content.ReadAll().Length.ShouldBe(300_000);
        count.ShouldBe(300_000);
    }

    [Fact]
    public void A_registry_that_ignores_Range_sends_all_again()
    {
        _registry.IgnoresRange = true;
        BreakOnce(reply => reply with { ClaimedLength = 300_000, HangAfter = null, Body = reply.Body[..150_000] });
        Pull().ShouldBe(_image[Layer]);
        BlobQuestions().Count().ShouldBe(2);
    }

    [Fact]
    public void What_a_former_download_left_is_not_fetched_again()
    {
        var count = 0L;
        using var content = _surroundings.Source(Name).OpenBlob(Layer, new MemoryStream(_image[Layer][..123_456]), bytes => count += bytes);
        content.ReadAll().ShouldBe(_image[Layer]);
        count.ShouldBe(300_000 - 123_456);
        BlobQuestions().Single()["Range"].ShouldBe("bytes=123456-");
    }

    [Fact]
    public void What_a_former_download_left_is_hashed_as_well()
    {
        var left = _image[Layer][..1000];
        left[0] ^= 1;
        Fails(() => _surroundings.Source(Name).OpenBlob(Layer, new MemoryStream(left)).ReadAll()).Message.ShouldStartWith($"filesystem layer verification failed for digest {Layer.Digest}");
    }

    [Theory]
    [InlineData("bytes 0-299999/300000")]
    [InlineData("bytes 1001-299999/300000")]
    [InlineData("bytes 1000-299999/300001")]
    [InlineData("bytes 1000-300000/*")]
    [InlineData("items 1000-299999/300000")]
    public void A_range_that_was_not_asked_for_is_refused(string range)
    {
        _registry.Fault = question => question["Range"] is null ? null : new Reply(206, _image[Layer][1000..]).With("Content-Range", range);
        Fails(() => _surroundings.Source(Name).OpenBlob(Layer, new MemoryStream(_image[Layer][..1000])).ReadAll()).Message
            .ShouldBe($"blob {Layer.Digest}: asked for bytes from 1000 on, the registry sends Content-Range \"{range}\"");
    }

    [Fact]
    public void A_connection_that_always_breaks_is_given_up()
    {
        _registry.Fault = question => question.Path.Contains("/blobs/") ? new Reply(200, _image[Layer]) { BreakAfter = 0 } : null;
        Fails(() => Pull()).Kind.ShouldBe(ErrorKind.Unavailable);
        BlobQuestions().Count().ShouldBe(5);
    }

    [Fact]
    public void A_body_that_is_shorter_than_it_says_is_resumed_and_then_given_up()
    {
        _registry.Fault = question => question.Path.Contains("/blobs/") && question["Range"] is null ? new Reply(200, _image[Layer][..1000]) { ClaimedLength = 300_000 } : null;
        Pull().ShouldBe(_image[Layer]);
        _registry.Fault = question => question.Path.Contains("/blobs/") ? new Reply(200, "") { Chunked = true } : null;
        Fails(() => Pull()).Message.ShouldBe($"blob {Layer.Digest} ends too early, at byte 0 of 300000");
    }

    [Fact]
    public void Another_content_than_the_digest_s_is_refused_before_its_last_byte()
    {
        var wrong = _image[Layer].ToArray();
        wrong[^1] ^= 1;
        _registry.Blobs[Layer.Digest!] = wrong;
        using var content = _surroundings.Source(Name).OpenBlob(Layer);
        var buffer = new byte[300_000];
        var error = Fails(() => content.ReadExactly(buffer));
        error.Message.ShouldBe($"filesystem layer verification failed for digest {Layer.Digest}: the registry sent {TestImage.DigestOf(wrong)}");
        content.Position.ShouldBe(300_000);
    }

    [Fact]
    public void Another_size_than_the_manifest_s_is_refused()
    {
        _registry.Blobs[Layer.Digest!] = _image[Layer][..1000];
        Fails(() => Pull()).Message.ShouldBe($"blob {Layer.Digest}: the manifest says 300000 bytes, the registry 1000");
    }

    [Fact]
    public void An_empty_blob_is_empty()
    {
        var empty = new Descriptor { Digest = TestImage.DigestOf([]), Size = 0 };
        _surroundings.Source(Name).OpenBlob(empty).ReadAll().ShouldBeEmpty();
        Fails(() => _surroundings.Source(Name).OpenBlob(Layer with { Size = 0 })).Message.ShouldContain("verification failed");
    }

    [Theory]
    [InlineData(429, "1")]
    [InlineData(429, null)]
    [InlineData(500, null)]
    [InlineData(503, "0")]
    public void A_registry_that_stumbles_is_asked_again(int status, string? after)
    {
        var left = 2;
        _registry.Fault = question =>
        {
            if (!question.Path.Contains("/blobs/") || left-- <= 0)
            {
                return null;
            }

            var reply = new Reply(status, "<html>");
            return after is null ? reply : reply.With("Retry-After", after);
        };
        var watch = Stopwatch.StartNew();
        Pull().ShouldBe(_image[Layer]);
        BlobQuestions().Count().ShouldBe(3);
        if (after == "1")
        {
            watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public void One_that_does_not_stop_stumbling_is_given_up()
    {
        _registry.Fault = question => question.Path.Contains("/manifests/") ? new Reply(500, "<html>") : null;
        Fails(() => _surroundings.Source(Name).GetManifest()).Message
            .ShouldBe($"Head \"http://{_server.Host}/v2/x/manifests/1\": received unexpected HTTP status: 500 Internal Server Error");
        _server.Questions.Count(question => question.Path.Contains("/manifests/")).ShouldBe(5);
    }

    [Fact]
    public void A_rate_limit_is_told_at_once_when_it_lasts()
    {
        _registry.Fault = question => question.Path.Contains("/blobs/")
            ? Reply.Error(429, "TOOMANYREQUESTS", "You have reached your pull rate limit.").With("Retry-After", "3600")
            : null;
        var watch = Stopwatch.StartNew();
        Fails(() => Pull()).Message.ShouldBe("toomanyrequests: You have reached your pull rate limit.");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
        BlobQuestions().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(404, "MANIFEST_UNKNOWN", "manifest for HOST/x:1 not found: manifest unknown: said", ErrorKind.NotFound)]
    [InlineData(404, "NAME_UNKNOWN", "repository HOST/x not found: name unknown: said", ErrorKind.NotFound)]
    [InlineData(403, "DENIED", "pull access denied for HOST/x, repository does not exist or may require 'docker login': denied: said", ErrorKind.NotFound)]
    [InlineData(401, "UNAUTHORIZED", "unauthorized: said: log in to HOST", ErrorKind.Forbidden)]
    [InlineData(400, "UNSUPPORTED", "unsupported: said", ErrorKind.InvalidArgument)]
    public void Errors_are_in_docker_s_words(int status, string code, string words, ErrorKind kind)
    {
        _registry.Fault = question => question.Path.Contains("/manifests/") ? Reply.Error(status, code, "said") : null;
        var error = Fails(() => _surroundings.Source(Name).GetManifest());
        error.Message.ShouldBe(words.Replace("HOST", _server.Host));
        error.Kind.ShouldBe(kind);
    }

    [Fact]
    public void Words_of_a_registry_do_not_reach_the_terminal_as_they_are()
    {
        _registry.Fault = question => question.Path.Contains("/manifests/") ? Reply.Error(400, "X", "a\\u001b[31mb\\nc" + new string('d', 5000)) : null;
        var message = Fails(() => _surroundings.Source(Name).GetManifest()).Message;
        message.ShouldStartWith("x: a?[31mb cddd");
        message.Length.ShouldBeLessThan(600);
    }

    [Fact]
    public void Bytes_that_drip_are_no_progress()
    {
        _surroundings.Stall = TimeSpan.FromMilliseconds(300);
        _surroundings.SlowestRate = 1000;
        _registry.Fault = question => question.Path.Contains("/blobs/") && question["Range"] is null ? new Reply(200, _image[Layer]) { Drip = TimeSpan.FromMilliseconds(50) } : null;
        Pull().ShouldBe(_image[Layer]);
        BlobQuestions().Count().ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_at_all_is_no_progress_either(bool recovers)
    {
        _surroundings.Stall = TimeSpan.FromMilliseconds(200);
        _registry.Fault = question => question.Path.Contains("/blobs/") && !(recovers && question["Range"] is not null) ? new Reply(200, _image[Layer]) { HangAfter = 5000 } : null;
        if (recovers)
        {
            Pull().ShouldBe(_image[Layer]);
        }
        else
        {
            Fails(() => Pull()).Message.ShouldBe($"blob {Layer.Digest} does not come: nothing for 0.2 s, at byte 5000 of 300000");
        }
    }

    [Fact]
    public void A_head_that_does_not_come_is_no_progress()
    {
        _surroundings.Stall = TimeSpan.FromMilliseconds(200);
        _surroundings.Retry = _surroundings.Retry with { Attempts = 2 };
        using var end = new ManualResetEventSlim();
        _registry.Fault = question =>
        {
            if (question.Path.Contains("/manifests/"))
            {
                end.Wait(TimeSpan.FromSeconds(20));
            }

            return null;
        };
        Fails(() => _surroundings.Source(Name).GetManifest()).Message.ShouldBe($"Head \"http://{_server.Host}/v2/x/manifests/1\": no answer within 0.2 s");
        end.Set();
    }

    [Fact]
    public void A_manifest_that_drips_is_given_up()
    {
        _surroundings.Stall = TimeSpan.FromMilliseconds(200);
        _surroundings.Retry = _surroundings.Retry with { Attempts = 2 };
        _registry.Fault = question => question.Method == "GET" && question.Path.Contains("/manifests/") ? new Reply(200, _image.Manifest.Bytes.ToArray()) { Drip = TimeSpan.FromMilliseconds(20) } : null;
        Fails(() => _surroundings.Source(Name).GetManifest()).Message.ShouldContain("no answer within 0.2 s");
    }

    [Fact]
    public void A_read_that_waits_ends_when_it_is_cancelled()
    {
        _surroundings.Stall = TimeSpan.FromMinutes(1);
        _registry.Fault = question => question.Path.Contains("/blobs/") ? new Reply(200, _image[Layer]) { HangAfter = 5000 } : null;
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        using var content = _surroundings.Source(Name).OpenBlob(Layer, null, null, cancellation.Token);
        var watch = Stopwatch.StartNew();
        Should.Throw<OperationCanceledException>(() => content.ReadAll());
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_wait_before_the_next_attempt_ends_when_it_is_cancelled()
    {
        _surroundings.Retry = new() { LongestTotal = TimeSpan.FromHours(2) };
        _registry.Fault = question => question.Path.Contains("/manifests/") ? new Reply(503).With("Retry-After", "3600") : null;
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        Should.Throw<OperationCanceledException>(() => _surroundings.Source(Name).GetManifest(cancellation.Token));
    }

    [Fact]
    public void A_manifest_that_is_too_long_is_not_read()
    {
        _registry.Fault = question => question.Path.Contains("/manifests/") ? new Reply(200, new byte[(4 << 20) + 1]).With("Content-Type", MediaTypes.Manifest) : null;
        Fails(() => _surroundings.Source(Name).GetManifest()).Message.ShouldContain("answer is longer than 4194304 bytes");
    }

    [Fact]
    public void A_manifest_that_is_another_is_refused()
    {
        _registry.Manifests[_image.Manifest.Descriptor.Digest!] = (MediaTypes.Manifest, "{}"u8.ToArray());
        Fails(() => _surroundings.Source($"{_server.Host}/x@{_image.Manifest.Descriptor.Digest}").GetManifest()).Message
            .ShouldStartWith($"manifest verification failed for digest {_image.Manifest.Descriptor.Digest}");
    }

    [Fact]
    public void URLs_of_a_layer_are_not_followed()
    {
        using var other = new ScriptedServer(_ => new Reply(200, _image[Layer]));
        _registry.Blobs.Remove(Layer.Digest!);
        Fails(() => _surroundings.Source(Name).OpenBlob(Layer with { Urls = [$"http://{other.Host}/layer"] }).ReadAll()).Message.ShouldBe("blob unknown: blob unknown to registry");
        other.Questions.ShouldBeEmpty();
    }

    [Fact]
    public void Indexes_in_indexes_have_a_bound()
    {
        var platform = new Platform { Os = "linux", Architecture = "amd64" };
        var root = TestImage.Index((_image.Manifest, platform));
        _registry.Add(root, "1");
        for (var depth = 2; depth <= 4; depth++)
        {
            root = TestImage.Index((root, platform));
            _registry.Add(root, depth.ToString());
        }

        var source = _surroundings.Source(_server.Host + "/x:4");
        source.ChooseImage(source.GetManifest(), platform).Descriptor.Digest.ShouldBe(_image.Manifest.Descriptor.Digest);
        _registry.Add(TestImage.Index((root, platform)), "5");
        source = _surroundings.Source(_server.Host + "/x:5");
        Fails(() => source.ChooseImage(source.GetManifest(), platform)).Message.ShouldContain("deeper than 4 levels");
        source = _surroundings.Source(_server.Host + "/x:1");
        Fails(() => source.ChooseImage(source.GetManifest(), PlatformName.Parse("linux/arm64"))).Message.ShouldBe("no matching manifest for linux/arm64/v8 in the manifest list entries");
    }

    [Fact]
    public void Nobody_there_is_told_as_docker_tells_it()
    {
        var port = RealRegistry.FreePort();
        Fails(() => _surroundings.Source($"127.0.0.1:{port}/x").Resolve()).Message.ShouldBe($"Get \"http://127.0.0.1:{port}/v2/\": dial tcp 127.0.0.1:{port}: connect: connection refused");
    }

    private static SampanException Fails(Action action) => Should.Throw<SampanException>(action);

    private static SampanException Fails(Func<object> action) => Should.Throw<SampanException>(() => { action(); });

    private byte[] Pull() => _surroundings.Source(Name).OpenBlob(Layer).ReadAll();

    private IEnumerable<Question> BlobQuestions() => _server.Questions.Where(question => question.Path.Contains("/blobs/"));

    private void BreakOnce(Func<Reply, Reply> spoil)
    {
        var spoilt = false;
        _registry.Fault = question =>
        {
            if (spoilt || !question.Path.Contains("/blobs/"))
            {
                return null;
            }

            spoilt = true;
            return spoil(new Reply(200, _image[Layer]));
        };
    }
}
