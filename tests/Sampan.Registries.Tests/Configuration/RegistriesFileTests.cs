using Sampan.Images;
using Sampan.Linux;
using Sampan.Registries.Configuration;

namespace Sampan.Registries.Tests.Configuration;

public class RegistriesFileTests
{
    [Fact]
    public void Mirrors_come_in_order_before_the_registry()
    {
        var configuration = Parse("""
            [[registry]]
            location = "docker.io"
            [[registry.mirror]]
            location = "mirror.test:5000/hub"
            insecure = true
            [[registry.mirror]]
            location = "localhost:1"
            """);
        Places(configuration, "busybox").ShouldBe(["mirror.test:5000/hub/library/busybox !", "localhost:1/library/busybox !", "docker.io/library/busybox"]);
        configuration.ForPull(ImageReference.Parse("busybox"))[2].Server.ShouldBe("registry-1.docker.io");
        configuration.ForPush(ImageReference.Parse("busybox")).ToString().ShouldBe("docker.io/library/busybox");
    }

    [Fact]
    public void The_longest_prefix_counts_and_is_replaced()
    {
        var configuration = Parse("""
            [[registry]]
            prefix = "a.test/team"
            location = "b.test/other"
            [[registry]]
            prefix = "a.test"
            location = "c.test"
            [[registry]]
            prefix = "*.wild.test"
            location = "d.test/all"
            [[registry]]
            prefix = "*.deep.wild.test"
            blocked = true
            """);
        Places(configuration, "a.test/team/x").ShouldBe(["b.test/other/x"]);
        Places(configuration, "a.test/teamwork/x").ShouldBe(["c.test/teamwork/x"]);
        Places(configuration, "one.wild.test/x/y").ShouldBe(["d.test/all/x/y"]);
        Places(configuration, "wild.test/x").ShouldBe(["wild.test/x"]);
        Should.Throw<SampanException>(() => Places(configuration, "x.deep.wild.test/y")).Message
            .ShouldBe("registry *.deep.wild.test is blocked in /r.toml");
    }

    [Fact]
    public void A_mirror_may_be_for_digests_or_tags_only()
    {
        var configuration = Parse("""
            [[registry]]
            location = "a.test"
            [[registry.mirror]]
            location = "d.test"
            pull-from-mirror = "digest-only"
            [[registry.mirror]]
            location = "t.test"
            pull-from-mirror = "tag-only"
            """);
        Places(configuration, "a.test/x:1").ShouldBe(["t.test/x", "a.test/x"]);
        Places(configuration, "a.test/x@sha256:" + new string('0', 64)).ShouldBe(["d.test/x", "a.test/x"]);
        Places(Parse("[[registry]]\nlocation='a.test'\nmirror-by-digest-only=true\n[[registry.mirror]]\nlocation='m.test'"), "a.test/x:1").ShouldBe(["a.test/x"]);
    }

    [Theory]
    [InlineData("127.0.0.1:5000/x", true)]
    [InlineData("127.9.9.9/x", true)]
    [InlineData("localhost/x", true)]
    [InlineData("[::1]:5000/x", true)]
    [InlineData("128.0.0.1/x", false)]
    [InlineData("localhost.test/x", false)]
    public void This_machine_is_insecure_by_itself(string name, bool insecure) =>
        Parse("").ForPush(ImageReference.Parse(name)).Insecure.ShouldBe(insecure);

    [Theory]
    [InlineData("unqualified-search-registries = [\"docker.io\", \"quay.io\"]", 1, "unqualified-search-registries is not taken")]
    [InlineData("short-name-mode = \"enforcing\"", 1, "short-name-mode is not taken")]
    [InlineData("[registries.search]\nregistries = []", 1, "version 1 of the format")]
    [InlineData("\nother = 1", 2, "other is not known here")]
    [InlineData("[[registry]]\nlocation = 'a.test'\ninsecur = true", 3, "insecur is not known here")]
    [InlineData("[[registry]]\ninsecure = true", 1, "needs a prefix or a location")]
    [InlineData("[[registry]]\nlocation = 'https://a.test'", 2, "write it without https://")]
    [InlineData("[[registry]]\nlocation = 'A_b'", 2, "host[:port][/path] is expected")]
    [InlineData("[[registry]]\nprefix = '*.a.test/x'", 2, "a host without path")]
    [InlineData("[[registry]]\nlocation = '*.a.test'", 2, "host[:port][/path] is expected")]
    [InlineData("[[registry]]\nlocation = 'a.test'\ninsecure = 'yes'", 3, "insecure: true or false is expected")]
    [InlineData("[[registry]]\nlocation = 'a.test'\n[[registry]]\nprefix = 'a.test'", 3, "registry a.test is given a second time")]
    [InlineData("[[registry]]\nlocation = 'a.test'\n[[registry.mirror]]\ninsecure = true", 3, "a mirror needs a location")]
    [InlineData("[[registry]]\nlocation = 'a.test'\n[[registry.mirror]]\nlocation='b.test'\npull-from-mirror='some'", 5, "all, digest-only or tag-only")]
    public void What_is_not_done_is_refused(string text, int line, string words)
    {
        var error = Should.Throw<SampanException>(() => Parse(text));
        error.Kind.ShouldBe(ErrorKind.InvalidArgument);
        error.Message.ShouldStartWith($"/r.toml:{line}: ");
        error.Message.ShouldContain(words);
    }

    [Fact]
    public void Searching_docker_io_alone_is_what_happens_anyway() =>
        Places(Parse("unqualified-search-registries = [\"docker.io\"]"), "x").ShouldBe(["docker.io/library/x"]);

    [Fact]
    public void What_is_insecure_for_one_command_is_so_whatever_the_file_says_and_its_mirrors_are_not()
    {
        var configuration = RegistriesFile.Parse(
            "[[registry]]\nlocation = 'a.test'\n[[registry.mirror]]\nlocation = 'm.test'\n[[registry]]\nprefix = 'b.test'\nlocation = 'c.test'", "/r.toml", ["a.test", "b.test"]);
        Places(configuration, "a.test/x").ShouldBe(["m.test/x", "a.test/x !"]);
        Places(configuration, "b.test/x").ShouldBe(["c.test/x !"]);
        Places(configuration, "c.test/x").ShouldBe(["c.test/x"]);
        configuration.IsInsecure("a.test").ShouldBeTrue();
        configuration.IsInsecure("m.test").ShouldBeFalse();
        RegistriesFile.Read("/nonexistent/registries.toml", ["a.test"]).IsInsecure("a.test").ShouldBeTrue();
    }

    [Fact]
    public void A_missing_file_has_no_rules() => RegistriesFile.Read("/nonexistent/registries.toml").Rules.ShouldBeEmpty();

    private static RegistriesConfiguration Parse(string text) => RegistriesFile.Parse(text, "/r.toml");

    private static string[] Places(RegistriesConfiguration configuration, string name) =>
        [.. configuration.ForPull(ImageReference.Parse(name)).Select(place => place + (place.Insecure ? " !" : ""))];
}
