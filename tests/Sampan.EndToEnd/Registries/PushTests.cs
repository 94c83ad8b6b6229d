namespace Sampan.EndToEnd.Registries;

/// <summary>push to Debian's docker-registry.</summary>
public sealed class PushTests(RegistryHost registry) : IClassFixture<RegistryHost>
{
    [Fact]
    public void A_push_says_what_dockers_says()
    {
        // A host of its own: a layer that this class's other tests pushed from theirs would be mounted.
        using var host = new ClientHost();
        host.MakeBusybox();
        var name = $"{registry.Address}/says/app";
        host.Sampan("tag", "busybox", name).ShouldSucceed();
        var lines = host.Sampan("push", name).ShouldSucceed().Split('\n');
        lines[..2].ShouldBe(["Using default tag: latest", $"The push refers to repository [{name}]"]);
        var layer = host.Inspect("busybox", "{{index .RootFS.Layers 0}}")[7..19];
        lines[2..4].ShouldBe([$"{layer}: Preparing", $"{layer}: Pushed"]);
        lines[4].ShouldMatch("^latest: digest: sha256:[0-9a-f]{64} size: [0-9]+$");
        lines.Length.ShouldBe(5);
        host.Sampan("push", name + ":latest").ShouldSucceed().Split('\n')
            .ShouldBe([lines[1], lines[2], $"{layer}: Layer already exists", lines[4]]);
        host.Inspect(name, "{{json .RepoDigests}}").ShouldContain($"{name}@{lines[4].Split(' ')[2]}");
        host.Sampan("events", "--since", "1h", "--until", "0s", "--filter", "event=push", "--format", "{{.Actor.ID}}").Lines.ShouldContain(name + ":latest");
    }

    /// <summary>What was loaded or committed unpacked; the image stays the same, in its other names too, and what is pushed on are the very bytes.</summary>
    [Fact]
    public void Layers_that_nobody_has_packed_are_packed()
    {
        using var host = new ClientHost();
        host.MakeBusybox();
        var id = host.Inspect("busybox", "{{.Id}}");
        var name = $"{registry.Address}/packed/app:1";
        host.Sampan("tag", "busybox", name).ShouldSucceed();
        host.Sampan("push", "-q", name).ShouldSucceed();
        var manifest = Host.Shell("skopeo inspect --raw --tls-verify=false \"docker://$1\"", name);
        manifest.ShouldContain("application/vnd.oci.image.layer.v1.tar+gzip");
        manifest.ShouldNotContain("layer.v1.tar\"");
        host.Inspect("busybox", "{{.Id}}").ShouldBe(id);
        host.Inspect(name, "{{.Id}}").ShouldBe(id);
        host.Sampan("system", "check", "--digests").ShouldSucceed().ShouldBeEmpty();
        Directory.GetFiles(Path.Combine(host.Root, "blobs/sha256")).Length.ShouldBe(3, "manifest, configuration, layer: what was there before is gone");

        var other = $"{registry.Address}/packed/other:1";
        host.Sampan("tag", "busybox", other).ShouldSucceed();
        host.Sampan("push", "-q", other).ShouldSucceed();
        Host.Shell("skopeo inspect --raw --tls-verify=false \"docker://$1\"", other).ShouldBe(manifest);

        using var puller = new ClientHost();
        puller.Sampan("pull", "-q", name).ShouldSucceed();
        puller.Inspect(name, "{{.Id}}").ShouldBe(id);
        puller.Sampan("run", "--rm", name, "echo", "inside").ShouldSucceed().ShouldBe("inside");
    }

    [Fact]
    public void A_layer_the_registry_has_elsewhere_is_mounted()
    {
        var one = registry.PushNoise("mount/one:1", 200_000);
        var two = $"{registry.Address}/mount/two:1";
        registry.Pusher.Sampan("tag", one, two).ShouldSucceed();
        registry.Pusher.Sampan("push", two).ShouldSucceed().Split($": Mounted from {registry.Address}/mount/one\n").Length.ShouldBe(3, "two layers");
        using var other = new ClientHost();
        other.Sampan("pull", two).ShouldSucceed();
        other.Sampan("run", "--rm", two, "stat", "-c", "%s", "/0").ShouldSucceed().ShouldBe("200000");
    }

    [Fact]
    public void All_tags_of_a_repository_are_pushed()
    {
        var name = $"{registry.Address}/all/app";
        registry.Pusher.Sampan("tag", "busybox", name + ":b").ShouldSucceed();
        registry.Pusher.Sampan("tag", "busybox", name + ":a").ShouldSucceed();
        registry.Pusher.Sampan("push", "-a", name).ShouldSucceed().Split('\n').Where(line => line.Contains(": digest: ")).Select(line => line.Split(':')[0]).ShouldBe(["a", "b"]);
        registry.Pusher.Sampan("push", "-a", "-q", name).ShouldSucceed().ShouldBe(name);
        registry.Pusher.Sampan("push", "-a", name + ":a").ShouldFailInOneLine(1, "tag can't be used with --all-tags/-a");
    }

    [Fact]
    public void What_cannot_be_pushed_is_told_as_docker_tells_it()
    {
        registry.Pusher.Sampan("push", registry.Address + "/no/such:1").ShouldFail(1, "An image does not exist locally with the tag: " + registry.Address + "/no/such");
        registry.Pusher.Sampan("push", registry.Address + "/x@sha256:" + new string('0', 64)).ShouldFailInOneLine(1, "cannot push a digest reference");
        registry.Pusher.Sampan("tag", "busybox", "127.0.0.1:1/x").ShouldSucceed();
        registry.Pusher.Sampan("push", "127.0.0.1:1/x").ShouldFail(1, "connect: connection refused");
        registry.Pusher.Sampan("push", "busybox").ShouldFail(1, "registry docker.io is blocked in");
    }
}
