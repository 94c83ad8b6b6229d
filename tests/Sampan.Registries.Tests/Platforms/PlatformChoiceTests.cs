using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Platforms;

namespace Sampan.Registries.Tests.Platforms;

public class PlatformChoiceTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/386 linux/amd64 linux/arm64", "linux/amd64")]
    [InlineData("linux/amd64", "linux/arm64 linux/386", "linux/386")]
    [InlineData("linux/amd64/v3", "linux/amd64 linux/amd64/v2 linux/amd64/v4", "linux/amd64/v2")]
    [InlineData("linux/amd64", "linux/amd64/v2", null)]
    [InlineData("linux/arm/v7", "linux/arm/v5 linux/arm/v6 linux/arm64", "linux/arm/v6")]
    [InlineData("linux/arm/v7", "linux/arm", "linux/arm")]
    [InlineData("linux/arm/v6", "linux/arm/v7", null)]
    [InlineData("linux/arm/v7", "linux/arm/vx linux/arm/v5", "linux/arm/v5")]
    [InlineData("linux/arm/vx", "linux/arm/v7 linux/arm/vx", "linux/arm/vx")]
    [InlineData("linux/arm/vx", "linux/arm/v7", null)]
    [InlineData("linux/arm64", "linux/arm64/v8", "linux/arm64/v8")]
    [InlineData("linux/arm64/v8", "linux/arm/v7 linux/arm64", "linux/arm64")]
    [InlineData("linux/arm64", "linux/arm/v6 linux/arm/v7", "linux/arm/v7")]
    [InlineData("linux/arm64/v9.1", "linux/arm64/v8.7 linux/arm64/v8.6 linux/arm64/v8", "linux/arm64/v8.6")]
    [InlineData("linux/arm64/v9.1", "linux/arm64/v8.6 linux/arm64/v9", "linux/arm64/v9")]
    [InlineData("linux/arm64/v8", "linux/arm64/v9", null)]
    [InlineData("linux/riscv64", "linux/amd64", null)]
    [InlineData("linux/amd64", "windows/amd64", null)]
    [InlineData("linux/x86_64", "linux/amd64", "linux/amd64")]
    [InlineData("linux/amd64", "unknown/unknown linux/amd64", "linux/amd64")]
    [InlineData("linux/amd64", "- linux/amd64", "linux/amd64")]
    [InlineData("linux/amd64", "linux/arm64 -", "-")]
    public void Takes_the_same_variant_or_the_next_older_one(string wanted, string offered, string? chosen)
    {
        var manifests = offered.Split(' ').Select(text => new Descriptor { Digest = text, Platform = text == "-" ? null : Platform(text) }).ToList();
        (PlatformChoice.Find(manifests, PlatformName.Parse(wanted))?.Digest).ShouldBe(chosen);
    }

    [Fact]
    public void An_attestation_is_no_image()
    {
        var manifest = new Descriptor { Platform = Platform("linux/amd64"), Annotations = new() { ["vnd.docker.reference.type"] = "attestation-manifest" } };
        PlatformChoice.Find([manifest], PlatformName.OfHost).ShouldBeNull();
    }

    [Fact]
    public void The_first_of_those_that_are_alike_is_taken() =>
        PlatformChoice.Find([new() { Digest = "1", Platform = Platform("linux/amd64") }, new() { Digest = "2", Platform = Platform("linux/amd64/v1") }], Platform("linux/amd64"))!.Digest.ShouldBe("1");

    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("arm", "linux/arm/v7")]
    [InlineData("armhf", "linux/arm/v7")]
    [InlineData("armel", "linux/arm/v6")]
    [InlineData("aarch64", "linux/arm64/v8")]
    [InlineData("i386", "linux/386")]
    [InlineData("macos/arm64", "darwin/arm64/v8")]
    [InlineData("Linux/ARM/6", "linux/arm/v6")]
    public void Names_are_normalised(string text, string expected) => PlatformName.Format(PlatformName.Parse(text)).ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("linux/")]
    [InlineData("li nux/amd64")]
    [InlineData("nonsense")]
    [InlineData("a/b/c/d")]
    public void Nonsense_is_refused(string text) => Should.Throw<SampanException>(() => PlatformName.Parse(text)).Kind.ShouldBe(ErrorKind.InvalidArgument);

    private static Platform Platform(string text)
    {
        var parts = text.Split('/');
        return new() { Os = parts[0], Architecture = parts[1], Variant = parts.ElementAtOrDefault(2) };
    }
}
