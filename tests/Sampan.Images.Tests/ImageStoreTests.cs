using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Tests;

public sealed class ImageStoreTests : IDisposable
{
    private static readonly string Container = new('c', 64);
    private readonly ImageFixture _fixture = new();

    private ImageStore Store => _fixture.Store;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void An_empty_store_has_nothing()
    {
        Store.List().ShouldBeEmpty();
        Store.TryFind("busybox").ShouldBeNull();
        Should.Throw<SampanException>(() => Store.Find("busybox")).Message.ShouldBe("No such image: busybox:latest");
        Should.Throw<SampanException>(() => Store.Find("quay.io/a/b:1")).Kind.ShouldBe(ErrorKind.NotFound);
        FileDescriptor.TryStatus(_fixture["store"]).ShouldBeNull();
    }

    [Fact]
    public void Finds_by_name_and_by_any_beginning_of_the_id()
    {
        var image = _fixture.ImportSimple("app:1");

        foreach (var text in new[] { "app:1", "docker.io/library/app:1", image.Id, image.Id[7..], image.Id[7..19], image.Id[..15], image.Id[7..8], "app@" + image.Digest })
        {
            Store.Find(text).Id.ShouldBe(image.Id, text);
        }

        Store.TryFind("app").ShouldBeNull();
        Store.TryFind("sha256:" + new string('0', 64)).ShouldBeNull();
        Should.Throw<SampanException>(() => Store.TryFind("sha256:../../x")).Kind.ShouldBe(ErrorKind.InvalidArgument);
    }

    [Fact]
    public void An_ambiguous_beginning_is_told()
    {
        for (var index = 0; index < 17; index++)
        {
            _fixture.ImportSimple(null, "content " + index);
        }

        var digit = Store.List().GroupBy(image => image.Id[7]).First(group => group.Count() > 1).Key;

        Should.Throw<SampanException>(() => Store.Find(digit.ToString())).Message.ShouldContain("ambiguous");
    }

    [Fact]
    public void A_name_that_is_given_again_leaves_the_old_image_without_one()
    {
        var first = _fixture.ImportSimple("app:1", "one");
        var second = _fixture.ImportSimple("app:1", "two");

        Store.Find("app:1").Id.ShouldBe(second.Id);
        Store.List().Select(image => image.Id).ShouldBe([second.Id, first.Id]);
        Store.Find(first.Id).RepoTags.ShouldBeEmpty();
    }

    [Fact]
    public void A_tag_is_one_more_name_of_the_same_image()
    {
        var image = _fixture.ImportSimple(null);

        Store.Tag(image.Id, "app:1");
        Store.Tag("app:1", "other.example/app");
        Store.Tag("app:1", "app:1");

        Store.List().ShouldHaveSingleItem().RepoTags.Order(StringComparer.Ordinal).ShouldBe(["app:1", "other.example/app:latest"]);
        Should.Throw<SampanException>(() => Store.Tag("none", "x")).Message.ShouldBe("No such image: none:latest");
        Should.Throw<SampanException>(() => Store.Tag("app:1", "X")).Kind.ShouldBe(ErrorKind.InvalidArgument);
    }

    [Fact]
    public void Layers_are_shared_between_images()
    {
        var archive = _fixture.Simple();
        var first = _fixture.Import(archive, "a");
        var second = _fixture.Import(archive, "b", "ENV X=1");

        second.Id.ShouldNotBe(first.Id);
        second.LayerDirectories.ShouldBe(first.LayerDirectories);
        Store.Remove("a", false, _ => null).Select(Words).ShouldBe(["Untagged: a:latest", "Deleted: " + first.Id]);
        File.Exists(second.LayerDirectories[0] + "/file").ShouldBeTrue();
        Store.Remove("b", false, _ => null).Select(Words).ShouldBe(["Untagged: b:latest", "Deleted: " + second.Id, "Deleted: " + second.DiffIds[0]]);
        NothingIsLeft();
    }

    [Fact]
    public void Removing_one_of_two_names_only_takes_the_name()
    {
        var image = _fixture.ImportSimple("app:1");
        Store.Tag("app:1", "app:2");

        Store.Remove("app:1", false, Used(running: true)).Select(Words).ShouldBe(["Untagged: app:1"]);
        Store.Find("app:2").Id.ShouldBe(image.Id);
    }

    [Fact]
    public void By_id_all_names_of_one_repository_go()
    {
        var image = _fixture.ImportSimple("app:1");
        Store.Tag("app:1", "app:2");

        Store.Remove(image.Id[7..19], false, _ => null).Select(Words)
            .ShouldBe(["Untagged: app:1", "Untagged: app:2", "Deleted: " + image.Id, "Deleted: " + image.DiffIds[0]]);
        NothingIsLeft();
    }

    [Fact]
    public void By_id_names_of_several_repositories_need_force()
    {
        var image = _fixture.ImportSimple("app");
        Store.Tag("app", "other");

        Should.Throw<SampanException>(() => Store.Remove(image.Id, false, _ => null)).Message
            .ShouldBe($"conflict: unable to delete {image.Id[7..19]} (must be forced) - image is referenced in multiple repositories");
        Store.Remove(image.Id, true, _ => null).Count.ShouldBe(4);
    }

    [Fact]
    public void A_container_keeps_its_image_in_dockers_words()
    {
        var image = _fixture.ImportSimple("app");

        Should.Throw<SampanException>(() => Store.Remove("app", false, Used(running: false))).Message
            .ShouldBe($"conflict: unable to remove repository reference \"app\" (must force) - container cccccccccccc is using its referenced image {image.Id[7..19]}");
        Should.Throw<SampanException>(() => Store.Remove(image.Id, false, Used(running: false))).Message
            .ShouldBe($"conflict: unable to delete {image.Id[7..19]} (must be forced) - image is being used by stopped container cccccccccccc");
        var running = Should.Throw<SampanException>(() => Store.Remove(image.Id, true, Used(running: true)));
        running.Message.ShouldBe($"conflict: unable to delete {image.Id[7..19]} (cannot be forced) - image is being used by running container cccccccccccc");
        running.Kind.ShouldBe(ErrorKind.Conflict);
        Store.Remove("app", true, Used(running: true)).Select(Words).ShouldBe(["Untagged: app:latest"]);
        Store.Find(image.Id).RepoTags.ShouldBeEmpty();
    }

    [Fact]
    public void Content_of_an_image_removed_by_force_stays_until_the_container_is_gone()
    {
        var image = _fixture.ImportSimple("app");
        var layer = image.LayerDirectories[0];

        Store.Remove("app", true, Used(running: false)).Select(Words).ShouldBe(["Untagged: app:latest", "Deleted: " + image.Id]);
        Store.List().ShouldBeEmpty();
        Store.TryFind(image.Id).ShouldBeNull();
        _fixture.ImportSimple("unrelated", "x");
        Store.Collect(Used(running: false));
        Directory.Exists(layer).ShouldBeTrue();

        Store.Collect(_ => null);
        Directory.Exists(layer).ShouldBeFalse();
    }

    [Fact]
    public void The_next_removal_collects_what_a_container_has_left()
    {
        _fixture.ImportSimple("app");
        _fixture.ImportSimple("other", "x");
        Store.Remove("app", true, Used(running: false));

        Store.Remove("other", false, _ => null);

        NothingIsLeft();
    }

    [Fact]
    public void An_image_removed_by_force_comes_back_when_it_is_made_again()
    {
        var image = _fixture.ImportSimple("app");
        using var archive = new MemoryStream();
        Store.Save(["app"], archive);
        Store.Remove("app", true, Used(running: false));

        Store.Load(new MemoryStream(archive.ToArray()));

        Store.Find("app").Id.ShouldBe(image.Id);
        Store.Collect(_ => null);
        Store.Find("app").LayerDirectories.ShouldNotBeEmpty();
    }

    [Fact]
    public void Held_content_outlives_the_removal()
    {
        var layer = _fixture.ImportSimple("app").LayerDirectories[0];
        using (Store.Hold())
        {
            Store.Remove("app", false, _ => null);
            Directory.Exists(layer).ShouldBeTrue();
        }

        _fixture.ImportSimple("next", "other");
        Directory.Exists(layer).ShouldBeFalse();
    }

    [Fact]
    public void What_a_killed_writer_left_is_collected()
    {
        _fixture.ImportSimple("app");
        FileTree.MakeDirectories(_fixture["store/work/0123/layer-1/half"]);
        File.WriteAllText(_fixture["store/work/0123/blob-0"], "half");
        File.WriteAllText(_fixture["store/blobs/sha256/" + new string('e', 64)], "published, never named");
        FileTree.MakeDirectories(_fixture["store/layers/" + new string('e', 64)]);
        File.WriteAllText(_fixture["store/.index.json.tmp"], "{\"half");

        _fixture.ImportSimple("next", "x");

        FileTree.List(_fixture["store/work"]).ShouldBeEmpty();
        FileTree.List(_fixture["store/layers"]).Count.ShouldBe(4);
        FileTree.List(_fixture["store/blobs/sha256"]).Count.ShouldBe(6);
        Store.List().Count.ShouldBe(2);
    }

    [Fact]
    public void Damage_names_the_object_and_the_way_out()
    {
        var image = _fixture.ImportSimple("app");
        FileTree.Remove(image.LayerDirectories[0]);
        var missing = Should.Throw<SampanException>(() => Store.Find("app").LayerDirectories);
        missing.Message.ShouldBe($"image app:latest: layer {image.DiffIds[0]} is missing from {_fixture["store/layers"]}: remove the image and load it again");

        FileTree.Remove(_fixture["store/blobs/sha256/" + image.Id[7..]]);
        Should.Throw<SampanException>(() => Store.Find("app")).Message.ShouldStartWith($"image app:latest: blob {image.Id} is missing");

        Store.Remove("app", false, _ => null).Select(Words).ShouldContain("Deleted: " + image.Id);
        Store.List().ShouldBeEmpty();
    }

    [Fact]
    public void A_blob_that_was_changed_is_not_saved_as_the_image()
    {
        var image = _fixture.ImportSimple("app");
        File.AppendAllText(_fixture["store/blobs/sha256/" + image.Digest[7..]], " ");

        Should.Throw<SampanException>(() => Store.Save(["app"], Stream.Null)).Message.ShouldContain("is damaged");
    }

    [Fact]
    public void Writers_at_once_do_not_lose_each_others_images()
    {
        var archives = Enumerable.Range(0, 4).Select(writer => _fixture.Simple(content: "writer " + writer)).ToList();
        var threads = archives.Select((archive, writer) => new Thread(() =>
        {
            for (var round = 0; round < 10; round++)
            {
                var store = new ImageStore(_fixture["store"], durable: false);
                store.Import(new MemoryStream(archive), new() { Reference = $"app:{writer}-{round}" });
                if (round % 3 == 2)
                {
                    store.Remove($"app:{writer}-{round - 1}", false, _ => null);
                }
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Store.List().Sum(image => image.RepoTags.Count).ShouldBe(4 * 7);
        Store.List().ShouldAllBe(image => image.LayerDirectories.Count == 1);
    }

    [Fact]
    public void History_and_inspection_have_dockers_shape()
    {
        var parent = _fixture.ImportSimple("base", "12345", "CMD [\"sh\"]", "LABEL a=b");
        FileTree.MakeDirectories(_fixture["upper"]);
        File.WriteAllText(_fixture["upper/new"], "1234567");
        Store.Commit(new() { Parent = parent, UpperDirectory = _fixture["upper"], Reference = "app", Message = "why", Author = "me", CreatedBy = "sh", Config = parent.Config.Config! });
        var image = Store.Find("app");

        var steps = image.History();
        steps.Select(step => (step.Id, step.CreatedBy, step.Comment, step.Size)).ShouldBe([(image.Id, "sh", "why", 7), ("<missing>", "", "Imported from -", 5)]);
        steps[0].Tags.ShouldBe(["app:latest"]);

        var inspection = image.Inspect();
        inspection.Id.ShouldBe(image.Id);
        inspection.Size.ShouldBe(12);
        inspection.RootFS.Layers.ShouldBe(image.DiffIds);
        inspection.Author.ShouldBe("me");
        inspection.Config!.Labels!["a"].ShouldBe("b");
        inspection.GraphDriver.Data["UpperDir"].ShouldBe(image.LayerDirectories[1]);
        DateTimeOffset.Parse(inspection.Created, null).ShouldBe(image.Created);
        inspection.Os.ShouldBe("linux");
    }

    [Fact]
    public void An_image_for_another_machine_is_stored_all_the_same()
    {
        Store.Import(new MemoryStream(_fixture.Simple()), new() { Reference = "other", Architecture = "s390x" });

        Store.Find("other").Architecture.ShouldBe("s390x");
    }

    [Fact]
    public void Documents_are_readable_by_people()
    {
        _fixture.ImportSimple("app", "x", "CMD a && b");

        File.ReadAllText(_fixture["store/index.json"]).ShouldContain("application/vnd.oci.image.manifest.v1+json");
        File.ReadAllText(_fixture["store/blobs/sha256/" + Store.Find("app").Id[7..]]).ShouldContain("a && b");
    }

    [Fact]
    public void Chain_ids_are_those_of_the_specification()
    {
        var first = "sha256:" + new string('1', 64);
        var second = "sha256:" + new string('2', 64);
        var expected = _fixture.Run("sh", "-c", $"printf '%s %s' {first} {second} | sha256sum").Split(' ')[0];

        LayerChain.Ids([first, second]).ShouldBe([first, "sha256:" + expected]);
    }

    private static Func<string, ImageUser?> Used(bool running) => _ => new(Container, running);

    private static string Words(RemovedImage record) => record.Untagged is not null ? "Untagged: " + record.Untagged : "Deleted: " + record.Deleted;

    private void NothingIsLeft()
    {
        FileTree.List(_fixture["store/work"]).ShouldBeEmpty();
        FileTree.List(_fixture["store/layers"]).ShouldBeEmpty();
        FileTree.List(_fixture["store/blobs/sha256"]).ShouldBeEmpty();
    }
}
