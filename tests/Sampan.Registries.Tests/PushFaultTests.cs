using Sampan.Images;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests;

/// <summary>What goes wrong on the way to a registry.</summary>
public sealed class PushFaultTests : IDisposable
{
    private readonly Surroundings _surroundings = new();
    private readonly FakeRegistry _registry = new();
    private readonly ScriptedServer _server;
    private readonly TestImage _image = new(2, "amd64", 300_000);

    public PushFaultTests() => _server = new(_registry.Answer);

    private Descriptor Layer => _image.Layers[0];

    public void Dispose()
    {
        _surroundings.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData(UploadStyle.Streamed, "POST PATCH PUT")]
    [InlineData(UploadStyle.Monolithic, "POST PUT")]
    [InlineData(UploadStyle.Chunked, "POST PATCH PATCH PATCH PUT")]
    public void Blobs_are_sent_as_told(UploadStyle style, string methods)
    {
        var sent = 0L;
        Push(new() { Style = style, ChunkSize = 100_000, Progress = (_, bytes) => sent += bytes }).ShouldBe(BlobOutcome.Pushed);
        _registry.Blobs[Layer.Digest!].ShouldBe(_image[Layer]);
        Methods().ShouldBe(methods);
        sent.ShouldBe(300_000);
    }

    [Fact]
    public void A_registry_may_want_larger_pieces()
    {
        _registry.Fault = question => question.Method == "POST" ? new Reply(202).With("Location", "/v2/x/blobs/uploads/s0").With("OCI-Chunk-Min-Length", "200000") : null;
        Fails(() => Push(new() { Style = UploadStyle.Chunked, ChunkSize = 1000 }));
        _server.Questions.First(question => question.Method == "PATCH").Length.ShouldBe(200_000);
    }

    [Fact]
    public void A_blob_that_is_there_is_not_sent()
    {
        _registry.Blobs[Layer.Digest!] = _image[Layer];
        Push().ShouldBe(BlobOutcome.Existed);
        Methods().ShouldBe("");
        _registry.Blobs[Layer.Digest!] = [1];
        Fails(() => Push()).Kind.ShouldBe(ErrorKind.Conflict);
    }

    [Fact]
    public void An_upload_that_breaks_is_resumed_where_the_registry_says()
    {
        var broken = 0;
        var sent = 0L;
        _registry.Fault = question => question.Method == "PATCH" && broken++ < 3 ? _registry.BreakUpload(question, 70_000) : null;
        Push(new() { Progress = (_, bytes) => sent += bytes }).ShouldBe(BlobOutcome.Pushed);
        _registry.Blobs[Layer.Digest!].ShouldBe(_image[Layer]);
        Methods().ShouldBe("POST PATCH GET PATCH GET PATCH GET PATCH PUT");
        _server.Questions.Where(question => question.Method == "PATCH").Select(question => question["Content-Range"])
            .ShouldBe(["0-299999", "70000-299999", "140000-299999", "210000-299999"]);
        sent.ShouldBe(300_000);
    }

    [Fact]
    public void One_that_always_breaks_is_given_up()
    {
        _registry.Fault = question => question.Method == "PATCH" ? _registry.BreakUpload(question, 0) : null;
        Fails(() => Push()).Kind.ShouldBe(ErrorKind.Unavailable);
        _server.Questions.Count(question => question.Method == "PATCH").ShouldBe(5);
    }

    [Fact]
    public void One_that_the_registry_has_forgotten_begins_anew()
    {
        var broken = false;
        _registry.Fault = question =>
        {
            if (question.Method != "PATCH" || broken)
            {
                return null;
            }

            broken = true;
            var reply = _registry.BreakUpload(question, 1000);
            _registry.ForgetUploads();
            return reply;
        };
        Push().ShouldBe(BlobOutcome.Pushed);
        _registry.Blobs[Layer.Digest!].ShouldBe(_image[Layer]);
        Methods().ShouldBe("POST PATCH GET POST PATCH PUT");
    }

    [Theory]
    [InlineData(UploadStyle.Streamed)]
    [InlineData(UploadStyle.Monolithic)]
    public void A_last_answer_that_is_lost_is_not_a_blob_that_is_lost(UploadStyle style)
    {
        var broken = false;
        _registry.Fault = question =>
        {
            if (question.Method != "PUT" || broken)
            {
                return null;
            }

            broken = true;
            _registry.Fault = _ => null;
            _registry.Answer(question).Status.ShouldBe(201);
            return new Reply(0) { Break = true };
        };
        Push(new() { Style = style }).ShouldBe(BlobOutcome.Pushed);
        _registry.Blobs.ShouldContainKey(Layer.Digest!);
        _server.Questions.Count(question => question.Method == "PUT").ShouldBe(1);
    }

    [Fact]
    public void Content_that_is_not_the_digest_s_is_refused_by_the_registry()
    {
        var error = Fails(() => Target().PushBlob(Layer, _ => new MemoryStream(new byte[300_000])));
        error.Message.ShouldBe("digest invalid: provided digest did not match uploaded content");
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
    }

    [Fact]
    public void A_registry_may_take_its_time_to_file_what_it_got()
    {
        _surroundings.Stall = TimeSpan.FromMilliseconds(200);
        using var end = new ManualResetEventSlim();
        _registry.Fault = question =>
        {
            if (question.Method == "PUT")
            {
                end.Wait(TimeSpan.FromMilliseconds(700));
            }

            return null;
        };
        Push().ShouldBe(BlobOutcome.Pushed);
        Methods().ShouldBe("POST PATCH PUT");
    }

    [Fact]
    public void An_upload_that_nobody_takes_is_given_up()
    {
        _surroundings.Stall = TimeSpan.FromMilliseconds(200);
        var image = new TestImage(50, "amd64", 30_000_000);
        using var end = new ManualResetEventSlim();
        _registry.Fault = question =>
        {
            if (question.Method == "PATCH")
            {
                // Not one byte of the body is read: the buffers between fill up.
                end.Wait(TimeSpan.FromSeconds(20));
                return new Reply(0) { Break = true };
            }

            return null;
        };
        _surroundings.Retry = _surroundings.Retry with { Attempts = 1 };
        var message = Fails(() => Target().PushBlob(image.Layers[0], offset => image.Open(image.Layers[0], offset))).Message;
        end.Set();
        message.ShouldEndWith("no answer within 0.2 s");
    }

    [Fact]
    public void Content_that_cannot_be_read_is_told_at_once()
    {
        Should.Throw<FileNotFoundException>(() => Target().PushBlob(Layer, _ => throw new FileNotFoundException("gone")));
        Fails(() => Target().PushBlob(Layer, _ => new MemoryStream(new byte[10]))).Message.ShouldBe($"blob {Layer.Digest}: its content is shorter than the 300000 bytes it is to have");
        _server.Questions.Count(question => question.Method == "PATCH").ShouldBeLessThan(3);
    }

    [Fact]
    public void A_blob_of_another_repository_is_taken_over()
    {
        _registry.Blobs[Layer.Digest!] = _image[Layer];
        _registry.Fault = question => question.Method == "HEAD" ? Reply.Error(404, "BLOB_UNKNOWN", "") : null;
        Push(new() { MountFrom = _ => "team/other" }).ShouldBe(BlobOutcome.Mounted);
        _server.Questions.Last().Path.ShouldBe($"/v2/x/blobs/uploads/?mount={Layer.Digest}&from=team%2Fother");
        _registry.Blobs.Clear();
        Push(new() { MountFrom = _ => "team/other" }).ShouldBe(BlobOutcome.Pushed);
    }

    [Fact]
    public void Uploads_are_not_led_from_TLS_to_plain_HTTP()
    {
        using var authority = new TestAuthority();
        using var server = new ScriptedServer(
            question => question.Method == "POST" ? new Reply(202).With("Location", "http://registry.test/v2/x/blobs/uploads/1") : new Reply(404),
            authority.Sign("registry.test"));
        using var proxy = new TunnelProxy(new Dictionary<string, int> { ["registry.test:443"] = server.Port });
        _surroundings["HTTPS_PROXY"] = proxy.Address;
        File.WriteAllText(Path.Combine(_surroundings.CertificateFolder("registry.test"), "ca.crt"), authority.Pem);
        Fails(() => _surroundings.Target("registry.test/x").PushBlob(Layer, offset => _image.Open(Layer, offset))).Message.ShouldContain("over plain HTTP at registry.test: refused");
    }

    [Fact]
    public void A_tag_is_put_last_and_only_when_all_is_there()
    {
        var other = new TestImage(3, "arm64", 1000);
        var index = TestImage.Index((_image.Manifest, new() { Os = "linux", Architecture = "amd64" }), (other.Manifest, new() { Os = "linux", Architecture = "arm64" }));
        var images = new[] { _image, other };
        _registry.Fault = question => question.Method == "PATCH" && question.Length == 300_000 ? Reply.Error(500, "UNKNOWN", "disk full") : null;
        Fails(() => PushIndex()).Message.ShouldBe("unknown: disk full");
        _registry.Manifests.ShouldBeEmpty();

        _registry.Fault = _ => null;
        List<string> done = [];
        PushIndex(new() { Done = (blob, outcome) => { lock (done) { done.Add(blob.Digest!); } } });
        done.Order().ShouldBe(images.SelectMany(image => image.Layers.Append(image.Manifest.Config!)).Select(blob => blob.Digest!).Order());
        _server.Questions.Where(question => question.Path.Contains("/manifests/")).Select(question => question.Path)
            .ShouldBe([$"/v2/x/manifests/{_image.Manifest.Descriptor.Digest}", $"/v2/x/manifests/{other.Manifest.Descriptor.Digest}", "/v2/x/manifests/1"]);
        _registry.Manifests["1"].Bytes.ShouldBe(index.Bytes.ToArray());

        void PushIndex(PushOptions? options = null) => Target().PushImage(
            index,
            child => images.Single(image => image.Manifest.Descriptor.Digest == child.Digest).Manifest,
            (blob, offset) => images.First(image => image.Layers.Append(image.Manifest.Config!).Any(each => each.Digest == blob.Digest)).Open(blob, offset),
            options);
    }

    [Fact]
    public void Layers_that_are_not_for_distribution_are_not_sent() =>
        Target().PushBlob(Layer with { MediaType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" }, _ => throw new InvalidOperationException()).ShouldBe(BlobOutcome.Skipped);

    [Fact]
    public void A_registry_that_got_something_else_is_not_believed()
    {
        _registry.Fault = question => question.Method == "PUT" ? new Reply(201).With("Docker-Content-Digest", TestImage.DigestOf([1])) : null;
        Fails(() => Target().PushManifest(_image.Manifest, "1")).Message.ShouldContain("the registry calls it " + TestImage.DigestOf([1]));
    }

    [Fact]
    public void Who_refers_to_a_manifest_is_noted_where_the_registry_does_not()
    {
        var (signature, descriptor) = Signature();
        Target().PushManifest(signature, null);
        Target().PushManifest(signature, null);
        var tag = "sha256-" + _image.Manifest.Descriptor.Digest![7..];
        _registry.Manifests.ShouldContainKey(tag);
        var source = _surroundings.Source(_server.Host + "/x:1");
        source.ListReferrers(_image.Manifest.Descriptor.Digest!).Select(each => (each.Digest, each.ArtifactType)).ShouldBe([(descriptor.Digest, "application/x.sig")]);
        source.ListReferrers(_image.Manifest.Descriptor.Digest!, "application/other").ShouldBeEmpty();
        source.ListReferrers(TestImage.DigestOf([1])).ShouldBeEmpty();
    }

    [Fact]
    public void Who_refers_to_a_manifest_is_asked_of_the_registry()
    {
        var (signature, descriptor) = Signature();
        _registry.Fault = question => question.Method == "PUT" ? new Reply(201).With("OCI-Subject", _image.Manifest.Descriptor.Digest!) : null;
        Target().PushManifest(signature, null);
        _registry.Manifests.ShouldBeEmpty();
        _registry.Referrers = (_, type) => ImageJson.ImageIndex.ToBytes(new() { Manifests = [descriptor with { ArtifactType = type ?? "none" }] });
        _surroundings.Source(_server.Host + "/x:1").ListReferrers(_image.Manifest.Descriptor.Digest!, "application/x.sig").Single().Digest.ShouldBe(descriptor.Digest);
    }

    private (Manifest Manifest, Descriptor Descriptor) Signature()
    {
        var subject = _image.Manifest.Descriptor;
        var json = $$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.Manifest}}}","artifactType":"application/x.sig","config":{"mediaType":"c","digest":"{{{TestImage.DigestOf("{}"u8)}}}","size":2},"layers":[],"subject":{"mediaType":"{{{subject.MediaType}}}","digest":"{{{subject.Digest}}}","size":{{{subject.Size}}} } }""";
        var manifest = TargetRepository.ReadManifest(System.Text.Encoding.UTF8.GetBytes(json), null, "signature");
        return (manifest, manifest.Descriptor);
    }

    private static SampanException Fails(Action action) => Should.Throw<SampanException>(action);

    private static SampanException Fails(Func<BlobOutcome> action) => Should.Throw<SampanException>(() => { action(); });

    private TargetRepository Target() => _surroundings.Client().OpenTarget(ImageReference.Parse(_server.Host + "/x:1"));

    private BlobOutcome Push(PushOptions? options = null) => Target().PushBlob(Layer, offset => _image.Open(Layer, offset), options);

    private string Methods() => string.Join(' ', _server.Questions.Where(question => question.Path.Contains("/uploads/")).Select(question => question.Method));
}
