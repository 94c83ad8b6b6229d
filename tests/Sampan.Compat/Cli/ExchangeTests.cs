namespace Sampan.Compat.Cli;

/// <summary>
/// What Sampan pushes docker and podman pull, and Sampan what docker pushes: the same image, by the same id. Images that are not the table's: it
/// counts on having its own.
/// </summary>
[Collection(TableCollection.Name)]
public sealed class ExchangeTests(PeerHost docker) : IDisposable
{
    private const string Options = "sampan() { \"$sampan\" --root \"$PWD/root\" --state \"$PWD/state\" \"$@\"; }; id() { \"$@\" image inspect -f '{{.Id}}' \"$name\"; }; set -e; ";

    private readonly string _folder = Directory.CreateTempSubdirectory("sampan-exchange-").FullName;

    public void Dispose()
    {
        docker.Shell(Cleaning.Script, _folder);
        Directory.Delete(_folder, true);
    }

    [Fact]
    public void Docker_pulls_and_runs_what_sampan_pushed()
    {
        ImageArchive.Write(Path.Combine(_folder, "busybox.tar"), mark: "by-sampan");
        Shell("""
            name=$registry/exchange/by-sampan:1
            sampan load -q -i busybox.tar; sampan tag busybox $name; sampan push -q $name
            engine pull -q $name; engine run --rm $name echo inside
            [ "$(id sampan)" = "$(id engine)" ]
            """).ShouldBe("""
            Loaded image: busybox:latest
            REGISTRY/exchange/by-sampan:1
            REGISTRY/exchange/by-sampan:1
            inside
            """);
    }

    [Fact]
    public void Podman_pulls_what_sampan_pushed()
    {
        RuntimeUnderTest.Require("podman", "podman", "pulls what was pushed");
        ImageArchive.Write(Path.Combine(_folder, "busybox.tar"));
        Shell("""
            name=$registry/exchange/for-podman:1
            run=$(mktemp -d /tmp/sampan-run.XXXX); trap 'rm -rf "$run"' EXIT
            podman() { env -u DOCKER_CONFIG podman --root "$PWD/storage" --runroot "$run" --storage-driver vfs --cgroup-manager cgroupfs "$@"; }
            sampan load -q -i busybox.tar >/dev/null; sampan tag busybox $name; sampan push -q $name
            podman pull -q --tls-verify=false $name >/dev/null
            [ "$(id sampan)" = "sha256:$(id podman)" ] && echo same
            podman rmi -a -f >/dev/null
            """).ShouldBe("REGISTRY/exchange/for-podman:1\nsame");
    }

    [Fact]
    public void Sampan_pulls_what_docker_pushed_and_pushes_the_very_bytes()
    {
        Shell("""
            name=$registry/exchange/by-docker:1
            mkdir -p layer/etc; echo by-docker >layer/etc/mark; tar -C layer -c . | engine import - $name >/dev/null; engine push -q $name
            sampan pull -q $name
            [ "$(id sampan)" = "$(id engine)" ]
            sampan tag $name $registry/exchange/on:1; sampan push -q $registry/exchange/on:1
            raw() { skopeo inspect --raw --tls-verify=false docker://$1 | sha256sum; }
            [ "$(raw $name)" = "$(raw $registry/exchange/on:1)" ] && echo same
            """).ShouldBe("""
            REGISTRY/exchange/by-docker:1
            REGISTRY/exchange/by-docker:1
            REGISTRY/exchange/on:1
            same
            """);
    }

    /// <summary>One list of two images, for this machine and for another; both engines and skopeo take from it what they are for.</summary>
    [Fact]
    public void Docker_and_podman_pull_from_a_list_that_sampan_made()
    {
        RuntimeUnderTest.Require("podman", "podman", "pulls what was pushed");
        ImageArchive.Write(Path.Combine(_folder, "busybox.tar"));
        Shell("""
            list=$registry/exchange/list-by-sampan:1; here=$registry/exchange/list-here:1; there=$registry/exchange/list-there:1
            run=$(mktemp -d /tmp/sampan-run.XXXX); trap 'rm -rf "$run"' EXIT
            podman() { env -u DOCKER_CONFIG podman --root "$PWD/storage" --runroot "$run" --storage-driver vfs --cgroup-manager cgroupfs "$@"; }
            sampan load -q -i busybox.tar >/dev/null; sampan tag busybox $here; sampan push -q $here >/dev/null
            tar -c busybox.tar | sampan import --platform linux/arm64 - $there >/dev/null; sampan push -q $there >/dev/null
            sampan manifest create $list $there $here >/dev/null; sampan manifest annotate --variant v8 $list $there
            sampan manifest push --purge $list | sed 's/@.*//; s/:[0-9a-f]*$//'
            name=$list; tell() { "$@" image inspect -f '{{.Architecture}}' $name; }
            engine pull -q $list; engine run --rm $list echo inside; engine pull -q --platform linux/arm64 $list; tell engine
            podman pull -q --tls-verify=false $list >/dev/null; tell podman; podman pull -q --tls-verify=false --arch arm64 $list >/dev/null; tell podman
            podman rmi -a -f >/dev/null
            sampan pull -q --platform linux/arm64 $list; tell sampan; sampan pull -q $list; tell sampan; sampan run --rm $list echo inside
            """).ShouldBe("""
            Pushed ref REGISTRY/exchange/list-by-sampan
            Pushed ref REGISTRY/exchange/list-by-sampan
            sha256
            REGISTRY/exchange/list-by-sampan:1
            inside
            REGISTRY/exchange/list-by-sampan:1
            arm64
            amd64
            arm64
            REGISTRY/exchange/list-by-sampan:1
            arm64
            REGISTRY/exchange/list-by-sampan:1
            amd64
            inside
            """);
    }

    /// <summary>Both keep lists in the same files: what one began the other goes on with, and both push the same bytes.</summary>
    [Fact]
    public void A_list_is_the_same_list_for_docker_and_sampan()
    {
        DockerClient.RequireWords();
        Shell("""
            list=$registry/exchange/list-of-both:1; one=$registry/exchange/both-one:1; two=$registry/exchange/both-two:1
            for name in $one $two; do engine tag busybox $name; engine push -q $name >/dev/null; done
            same() { [ "$(sampan "$@")" = "$(engine "$@")" ] && echo "same $2 $3"; }
            engine manifest create --insecure $list $one >/dev/null
            sampan manifest create --amend $list $two >/dev/null
            engine manifest annotate --arch arm --variant v7 $list $two
            sampan manifest annotate --os-version 1 --os-features a,b $list $one
            for options in "$list" "-v $list" "$list $two" "-v $list $one" "--insecure $one" "--insecure -v $two"; do same manifest inspect $options; done
            engine manifest push $list >theirs; sampan manifest push --purge $list >ours; cmp theirs ours
            for options in "--insecure $list" "--insecure -v $list"; do same manifest inspect $options; done
            sampan manifest create $list $two $one >/dev/null; sampan manifest annotate --arch s390x $list $two
            engine manifest push --purge $list >theirs; sampan manifest create $list $two $one >/dev/null; sampan manifest annotate --arch s390x $list $two
            sampan manifest push --purge $list >ours; cmp theirs ours; wc -l <ours
            """).ShouldBe("""
            same inspect REGISTRY/exchange/list-of-both:1
            same inspect -v
            same inspect REGISTRY/exchange/list-of-both:1
            same inspect -v
            same inspect --insecure
            same inspect --insecure
            same inspect --insecure
            same inspect --insecure
            3
            """);
    }

    private string Shell(string script)
    {
        var sampan = Path.Combine(RuntimeUnderTest.Repository, ".build/bin/sampan");
        return docker.Registries.Mask(docker.Shell($"sampan={sampan}; {Options}{script}", _folder).ShouldSucceed()).Replace("<registry>", "REGISTRY");
    }
}
