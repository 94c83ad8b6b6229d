using System.Text;
using Sampan.Images.Documents;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Tests.Documents;

/// <summary>Hostile documents end in one line that names them; Sampan.Json.Tests has what the shapes are.</summary>
public sealed class DocumentReaderTests
{
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
        var error = Should.Throw<SampanException>(() => DocumentReader.Parse(Encoding.UTF8.GetBytes(text), "image x", ImageJson.ImageDocument));

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
        Should.Throw<SampanException>(() => DocumentReader.Parse(Encoding.UTF8.GetBytes(text), "index.json", ImageJson.ImageIndex));
}
