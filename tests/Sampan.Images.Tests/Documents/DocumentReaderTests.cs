using System.Text;
using System.Text.Json;
using Sampan.Images.Documents;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Tests.Documents;

/// <summary>The hand-written readers agree with the serializer.</summary>
public sealed class DocumentReaderTests
{
    private const string Full = """
        { "created": "2015-10-31T22:22:56.015925234Z", "author": "A", "architecture": "arm64", "variant": "v8", "os": "linux", "docker_version": {"a": [1]},
          "config": { "User": "alice", "ExposedPorts": {"8080/tcp": {}, "1/udp": {"x": [1]}}, "Env": ["A=1", "B=\u00e9\n"], "Entrypoint": ["/a"], "Cmd": ["-f"], "Volumes": {"/v": {}},
            "WorkingDir": "/w", "Labels": {"a": "b"}, "StopSignal": "SIGINT", "OnBuild": ["RUN x"], "Shell": ["/bin/ash"], "ArgsEscaped": true,
            "Healthcheck": {"Test": ["CMD", "true"], "Interval": 5, "Retries": 2} },
          "rootfs": {"diff_ids": ["sha256:c6f9"], "type": "layers", "more": {"b": 1}},
          "history": [{"created": "2015-10-31T22:22:54.690851953Z", "created_by": "sh", "author": "B", "comment": "c", "x": []}, {"empty_layer": true}, {"empty_layer": false}] }
        """;

    [Theory]
    [InlineData(Full)]
    [InlineData("{}")]
    [InlineData("""{"config":null,"rootfs":null,"history":null,"created":null,"author":null}""")]
    [InlineData("""{"config":{"Env":null,"Labels":null,"Volumes":null,"Cmd":[]},"history":[]}""")]
    public void Configurations_are_read_as_the_serializer_reads_them(string text)
    {
        var expected = JsonSerializer.Deserialize(text, ImageJson.Default.ImageDocument)!;

        var actual = DocumentReader.ParseConfiguration(Encoding.UTF8.GetBytes(text), "x");

        JsonSerializer.Serialize(actual, ImageJson.Default.ImageDocument).ShouldBe(JsonSerializer.Serialize(expected, ImageJson.Default.ImageDocument));
    }

    [Fact]
    public void Indexes_are_read_as_the_serializer_reads_them()
    {
        var text = """
            {"schemaVersion":2,"mediaType":"m","manifests":[{"mediaType":"a","digest":"b","size":3,"data":{"x":[]},"annotations":{"k":"v"},"platform":{"architecture":"c","os":"d","variant":"e","os.version":"f"}},
            {"annotations":null,"platform":null}],"annotations":{}}
            """;

        var actual = DocumentReader.ParseIndex(Encoding.UTF8.GetBytes(text), "x");

        JsonSerializer.Serialize(new() { Manifests = actual }, ImageJson.Default.ImageIndex)
            .ShouldBe(JsonSerializer.Serialize(new() { Manifests = JsonSerializer.Deserialize(text, ImageJson.Default.ImageIndex)!.Manifests }, ImageJson.Default.ImageIndex));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("""{"config":[]}""")]
    [InlineData("""{"config":{"Env":{}}}""")]
    [InlineData("""{"config":{"Env":[null]}}""")]
    [InlineData("""{"config":{"Labels":["a"]}}""")]
    [InlineData("""{"config":{"User":5}}""")]
    [InlineData("""{"created":"yesterday"}""")]
    [InlineData("""{"created":5}""")]
    [InlineData("""{"history":[1]}""")]
    [InlineData("""{"history":[{"empty_layer":"x"}]}""")]
    [InlineData("""{"rootfs":{"diff_ids":["a",{}]}}""")]
    [InlineData("""{"other":{"deep":[}""")]
    public void Other_shapes_are_refused_in_one_line(string text)
    {
        var error = Should.Throw<SampanException>(() => DocumentReader.ParseConfiguration(Encoding.UTF8.GetBytes(text), "image x"));

        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldStartWith("image x: not valid JSON");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"manifests":{}}""")]
    [InlineData("""{"manifests":[1]}""")]
    [InlineData("""{"manifests":[{"size":"x"}]}""")]
    [InlineData("""{"manifests":[{"size":1.5}]}""")]
    public void Other_shapes_of_an_index_are_refused(string text) =>
        Should.Throw<SampanException>(() => DocumentReader.ParseIndex(Encoding.UTF8.GetBytes(text), "index.json"));
}
