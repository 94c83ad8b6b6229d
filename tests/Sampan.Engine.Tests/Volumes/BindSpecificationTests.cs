using Sampan.Engine.Volumes;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Volumes;

public sealed class BindSpecificationTests
{
    [Theory]
    [InlineData("/a:/b", "/a", "/b", false)]
    [InlineData("/root/from1:to1", "/root/from1", "/to1", false)]
    [InlineData("/a/:/b//c/../d/:ro", "/a", "/b/d", true)]
    [InlineData("data:/b:rw", "data", "/b", false)]
    [InlineData("/only", "", "/only", false)]
    [InlineData("/only:ro", "", "/only", true)]
    [InlineData("/a:/b:ro,z,rshared", "/a", "/b", true)]
    public void Reads_what_docker_reads(string text, string source, string destination, bool readOnly)
    {
        var bind = BindSpecification.Parse(text);
        (bind.Source, bind.Destination, bind.ReadOnly).ShouldBe((source, destination, readOnly));
    }

    [Theory]
    [InlineData("/a:/b:/c:/d")]
    [InlineData("/a:/b:what")]
    [InlineData("/a:/")]
    [InlineData(":/b")]
    [InlineData("/a:/b:nocopy")]
    [InlineData("data:/b:rshared")]
    [InlineData("./here:/b")]
    [InlineData("x:/b")]
    public void Refuses_what_makes_no_sense(string text) =>
        Should.Throw<SampanException>(() => BindSpecification.Parse(text)).Kind.ShouldBe(ErrorKind.InvalidArgument);
}
