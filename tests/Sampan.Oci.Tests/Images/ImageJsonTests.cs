using System.Text.Json;
using Sampan.Oci.Images;

namespace Sampan.Oci.Tests.Images;

public sealed class ImageJsonTests
{
    // The example of image-spec, config.md.
    private const string Config = """
        {
          "created": "2015-10-31T22:22:56.015925234Z", "author": "Alyssa P. Hacker <alyspdev@example.com>", "architecture": "arm64", "variant": "v8", "os": "linux",
          "config": {
            "User": "alice", "ExposedPorts": {"8080/tcp": {}}, "Env": ["PATH=/usr/local/sbin"], "Entrypoint": ["/bin/my-app-binary"],
            "Cmd": ["--foreground"], "Volumes": {"/var/job-result-data": {}}, "WorkingDir": "/home/alice", "Labels": {"com.example.project.git.url": "https://example.com/project.git"},
            "FromTheFuture": [1, 2]
          },
          "rootfs": {"diff_ids": ["sha256:c6f9"], "type": "layers"},
          "history": [{"created": "2015-10-31T22:22:54.690851953Z", "created_by": "/bin/sh -c #(nop) ADD file"}, {"created_by": "CMD", "empty_layer": true}],
          "docker_version": "1.2"
        }
        """;

    [Fact]
    public void Reads_the_example_of_the_specification()
    {
        var document = ImageJson.ImageDocument.Parse(Config);

        document.Created.ShouldBe(new DateTimeOffset(2015, 10, 31, 22, 22, 56, TimeSpan.Zero).AddTicks(159252));
        (document.Architecture, document.Variant, document.Os).ShouldBe(("arm64", "v8", "linux"));
        document.Config!.ExposedPorts!.Keys.ShouldBe(["8080/tcp"]);
        document.Config.Volumes!.Keys.ShouldBe(["/var/job-result-data"]);
        document.Config.Cmd.ShouldBe(["--foreground"]);
        document.RootFileSystem!.DiffIds.ShouldBe(["sha256:c6f9"]);
        document.History!.Select(step => step.EmptyLayer).ShouldBe([null, true]);
    }

    [Fact]
    public void Keeps_what_it_does_not_know()
    {
        var document = ImageJson.ImageDocument.Parse(Config);

        var written = ImageJson.ImageDocument.ToText(document);

        using var before = JsonDocument.Parse(Config);
        using var after = JsonDocument.Parse(written);
        after.RootElement.GetProperty("docker_version").GetString().ShouldBe("1.2");
        after.RootElement.GetProperty("config").GetProperty("FromTheFuture").GetRawText().ShouldBe("[1,2]");
        after.RootElement.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal)
            .ShouldBe(before.RootElement.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sees_a_manifest_that_is_two_things_at_once()
    {
        var text = """{"schemaVersion":2,"config":{"digest":"x","size":1},"layers":[],"manifests":[]}""";

        ImageJson.ImageManifest.Parse(text).Manifests.ShouldNotBeNull();
        ImageJson.ImageIndex.Parse(text).Layers.ShouldNotBeNull();
    }

    [Fact]
    public void Absent_things_are_not_written()
    {
        var text = ImageJson.Descriptor.ToText(new Descriptor { MediaType = "a", Digest = "b", Size = 1 });

        text.ShouldBe("""{"mediaType":"a","digest":"b","size":1}""");
    }
}
