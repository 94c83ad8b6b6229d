using System.Text;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Lists;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests.Lists;

public sealed class ManifestListTests
{
    private readonly TestImage _image = new(1, "amd64", 100);
    private readonly ImageReference _list = ImageReference.Parse("registry.example:5000/team/app:v1");

    [Fact]
    public void A_list_is_written_as_docker_writes_it()
    {
        var index = ManifestList.Build(
            _list,
            [
                Member("a", new() { Os = "linux", Architecture = "amd64" }),
                Member("b", new() { Os = "linux", Architecture = "arm", Variant = "v7", OsVersion = "1", OsFeatures = ["f", "g"] }, MediaTypes.DockerManifest),
            ]);

        index.Descriptor.MediaType.ShouldBe(MediaTypes.Index);
        Encoding.UTF8.GetString(index.Bytes.Span).ShouldBe($$"""
            {
               "schemaVersion": 2,
               "mediaType": "application/vnd.oci.image.index.v1+json",
               "manifests": [
                  {
                     "mediaType": "application/vnd.oci.image.manifest.v1+json",
                     "size": {{_image.Manifest.Bytes.Length}},
                     "digest": "{{_image.Manifest.Descriptor.Digest}}",
                     "platform": {
                        "architecture": "amd64",
                        "os": "linux"
                     }
                  },
                  {
                     "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                     "size": {{_image.Manifest.Bytes.Length}},
                     "digest": "{{_image.Manifest.Descriptor.Digest}}",
                     "platform": {
                        "architecture": "arm",
                        "os": "linux",
                        "os.version": "1",
                        "os.features": [
                           "f",
                           "g"
                        ],
                        "variant": "v7"
                     }
                  }
               ]
            }
            """);
    }

    [Fact]
    public void The_first_image_decides_what_kind_of_list_it_is()
    {
        var platform = new Platform { Os = "linux", Architecture = "amd64" };
        ManifestList.Build(_list, [Member("a", platform, MediaTypes.DockerManifest), Member("b", platform)]).Descriptor.MediaType.ShouldBe(MediaTypes.DockerManifestList);
        Encoding.UTF8.GetString(ManifestList.Format([])).ShouldBe($$"""
            {
               "schemaVersion": 2,
               "mediaType": "{{MediaTypes.DockerManifestList}}",
               "manifests": []
            }
            """);
    }

    [Fact]
    public void An_image_that_does_not_say_what_it_is_for_is_shown_and_not_pushed()
    {
        foreach (var platform in (Platform?[])[null, new() { Os = "linux" }, new() { Os = "", Architecture = "amd64" }])
        {
            Encoding.UTF8.GetString(ManifestList.Format(_list, [Member("a", platform)])).ShouldContain($"\"os\": \"{platform?.Os}\"");
            Should.Throw<SampanException>(() => ManifestList.Build(_list, [Member("a", platform)])).Message
                .ShouldStartWith("manifest registry.example:5000/a:latest must have an OS and Architecture to be pushed to a registry");
        }

        Should.Throw<SampanException>(() => ManifestList.Build(_list, [])).Message.ShouldBe("registry.example:5000/team/app:v1 not found");
    }

    [Fact]
    public void Images_of_another_registry_are_refused_in_dockers_words()
    {
        var stranger = Member("a", new() { Os = "linux", Architecture = "amd64" }) with { Reference = ImageReference.Parse("busybox") };
        const string words = "cannot use source images from a different registry than the target image: docker.io != registry.example:5000";
        Should.Throw<SampanException>(() => ManifestList.Build(_list, [stranger])).Message.ShouldBe(words);
        Should.Throw<SampanException>(() => ManifestList.Format(_list, [stranger])).Message.ShouldBe("failed to assemble ManifestDescriptor: " + words);
    }

    private ListMember Member(string name, Platform? platform, string mediaType = MediaTypes.Manifest) =>
        new(ImageReference.Parse("registry.example:5000/" + name), _image.Manifest.Descriptor with { MediaType = mediaType, Platform = platform }, _image.Manifest.Bytes);
}
