using System.Text;
using System.Text.Json;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries.Lists;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests.Lists;

public sealed class ManifestListStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sampan-lists-").FullName;
    private readonly TestImage _amd64 = new(1, "amd64", 100);
    private readonly TestImage _arm = new(2, "arm", 100);
    private readonly ImageReference _list = ImageReference.Parse("registry.example:5000/team/app:v1");

    public void Dispose() => Directory.Delete(_folder, true);

    private ManifestListStore Store => new(_folder);

    [Fact]
    public void A_list_is_put_together_annotated_and_forgotten()
    {
        Store.Add(_list, Member("team/app:amd64", _amd64, new() { Os = "linux", Architecture = "amd64" }));
        Store.Add(_list, Member("team/app:arm", _arm, new() { Os = "linux", Architecture = "arm" }));
        Annotate("team/app:arm", new() { Variant = "v7", Features = ["f"] });
        Annotate("team/app:arm", new() { Features = ["f", "g"], Version = "1" });

        var members = Store.Read(_list);

        members.Select(member => member.Descriptor.Digest).ShouldBe([_amd64.Manifest.Descriptor.Digest, _arm.Manifest.Descriptor.Digest]);
        members[1].Descriptor.Platform.ShouldBeEquivalentTo(
            new Platform { Os = "linux", Architecture = "arm", Variant = "v7", OsVersion = "1", OsFeatures = new List<string> { "f", "g" } });
        members[1].Bytes.ToArray().ShouldBe(_arm.Manifest.Bytes.ToArray());
        Store.Add(_list, Member("team/app:arm", _arm, new() { Os = "linux", Architecture = "arm64" }));
        Store.Read(_list).Count.ShouldBe(2);
        Store.Remove(_list);
        Store.Contains(_list).ShouldBeFalse();
    }

    /// <summary>docker lists the files of the directory: a list has the same digest whoever of both pushes it.</summary>
    [Fact]
    public void Images_come_in_the_order_of_their_files()
    {
        foreach (var name in (string[])["b:1", "a-x:1", "a:1", "a/b:1"])
        {
            Store.Add(_list, Member(name, _amd64, null));
        }

        Store.Read(_list).Select(member => member.Reference.Path).ShouldBe(["a", "a-x", "a/b", "b"]);
    }

    [Fact]
    public void The_files_are_where_docker_looks_and_in_its_form()
    {
        Store.Add(_list, Member("team/app:amd64", _amd64, new() { Os = "linux", Architecture = "amd64" }));

        var file = Path.Combine(_folder, "manifests/registry.example-5000_team_app-v1/registry.example-5000_team_app-amd64");
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        document.RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(["Ref", "Descriptor", "Raw", "OCIManifest"]);
        document.RootElement.GetProperty("Ref").GetString().ShouldBe("registry.example:5000/team/app:amd64");
        document.RootElement.GetProperty("Descriptor").GetProperty("platform").GetProperty("architecture").GetString().ShouldBe("amd64");
        document.RootElement.GetProperty("Raw").GetBytesFromBase64().ShouldBe(_amd64.Manifest.Bytes.ToArray());
        document.RootElement.GetProperty("OCIManifest").GetRawText().ShouldBe(Encoding.UTF8.GetString(_amd64.Manifest.Bytes.Span));
    }

    [Fact]
    public void What_is_wrong_is_said_in_dockers_words()
    {
        Should.Throw<SampanException>(() => Store.Read(_list)).Message.ShouldBe("No such manifest: registry.example:5000/team/app:v1");
        Should.Throw<SampanException>(() => Store.Remove(ImageReference.Parse("x"))).Message.ShouldBe("No such manifest: docker.io/library/x:latest");
        Store.Find(_list, Reference("team/app:amd64")).ShouldBeNull();
        Store.Add(_list, Member("team/app:amd64", _amd64, null));
        Store.Find(_list, Reference("team/app:arm")).ShouldBeNull();
        Should.Throw<SampanException>(() => Annotate("team/app:amd64", new() { Architecture = "toaster" })).Message.ShouldContain("unsupported os/arch combination: /toaster");
        Should.Throw<SampanException>(() => Store.Add(_list, new(Reference("x"), new() { MediaType = MediaTypes.Index }, default))).Message.ShouldContain("is a manifest list: ");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"Ref":"x","Descriptor":{"digest":"sha256:0"},"Raw":"e30="}""")]
    [InlineData("""{"Ref":"../x","Descriptor":null,"Raw":"not base64"}""")]
    public void A_damaged_file_is_told(string content)
    {
        Store.Add(_list, Member("team/app:amd64", _amd64, null));
        var file = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Single();
        File.Delete(file);
        File.WriteAllText(file, content);

        var error = Should.Throw<SampanException>(() => Store.Read(_list));

        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldContain("app-amd64");
    }

    private void Annotate(string name, PlatformAnnotation annotation) => Store.Annotate(_list, Store.Find(_list, Reference(name))!, annotation);

    private static ImageReference Reference(string name) => ImageReference.Parse("registry.example:5000/" + name);

    private static ListMember Member(string name, TestImage image, Platform? platform) =>
        new(Reference(name), image.Manifest.Descriptor with { Platform = platform }, image.Manifest.Bytes);
}
