using Sampan.Linux;

namespace Sampan.Images.Tests.References;

public sealed class ImageReferenceTests
{
    [Theory]
    [InlineData("busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("busybox:1.35", "docker.io/library/busybox:1.35", "busybox:1.35")]
    [InlineData("user/app", "docker.io/user/app:latest", "user/app:latest")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("index.docker.io/library/busybox", "docker.io/library/busybox:latest", "busybox:latest")]
    [InlineData("localhost/app:x", "localhost/app:x", "localhost/app:x")]
    [InlineData("localhost:5000/app", "localhost:5000/app:latest", "localhost:5000/app:latest")]
    [InlineData("quay.io/a/b/c:v1.2_3-4", "quay.io/a/b/c:v1.2_3-4", "quay.io/a/b/c:v1.2_3-4")]
    [InlineData("[::1]:5000/app", "[::1]:5000/app:latest", "[::1]:5000/app:latest")]
    [InlineData("Registry/app", "Registry/app:latest", "Registry/app:latest")]
    [InlineData("a__b/c-----d.e", "docker.io/a__b/c-----d.e:latest", "a__b/c-----d.e:latest")]
    [InlineData("library/x/y", "docker.io/library/x/y:latest", "library/x/y:latest")]
    public void Names_are_normalised_as_docker_does(string text, string whole, string familiar)
    {
        var reference = ImageReference.Parse(text);

        reference.ToString().ShouldBe(whole);
        reference.Familiar.ShouldBe(familiar);
        ImageReference.Parse(whole).ShouldBe(reference);
    }

    [Fact]
    public void A_digest_takes_the_place_of_the_tag()
    {
        var digest = "sha256:" + new string('a', 64);

        ImageReference.Parse("busybox@" + digest).ToString().ShouldBe("docker.io/library/busybox@" + digest);
        ImageReference.Parse("busybox:1@" + digest).Tag.ShouldBe("1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("/busybox")]
    [InlineData("busybox/")]
    [InlineData("a//b")]
    [InlineData("-busybox")]
    [InlineData("a___b")]
    [InlineData("a..b")]
    [InlineData("busybox:")]
    [InlineData("busybox:.tag")]
    [InlineData("busybox:ta/g")]
    [InlineData("exa mple.com/x")]
    [InlineData("example.com:port/x")]
    [InlineData("../../etc/passwd")]
    [InlineData("busybox@sha256:../../etc/passwd")]
    [InlineData("busybox@md5:00000000000000000000000000000000")]
    public void What_is_no_name_is_refused(string text) =>
        Should.Throw<SampanException>(() => ImageReference.Parse(text)).Message.ShouldStartWith("invalid reference format");

    [Fact]
    public void Refusals_have_dockers_words()
    {
        Should.Throw<SampanException>(() => ImageReference.Parse("BusyBox")).Message
            .ShouldBe("invalid reference format: repository name (BusyBox) must be lowercase");
        Should.Throw<SampanException>(() => ImageReference.Parse(new string('a', 64))).Message
            .ShouldBe($"invalid repository name ({new string('a', 64)}), cannot specify 64-byte hexadecimal strings");
        Should.Throw<SampanException>(() => ImageReference.Parse("x/" + new string('a', 256))).Message
            .ShouldBe("repository name must not be more than 255 characters");
        Should.Throw<SampanException>(() => ImageReference.Parse("x:" + new string('a', 129))).Message.ShouldStartWith("invalid reference format");
    }
}
