using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Sampan.Linux;
using Sampan.Registries.Credentials;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests.Credentials;

public sealed class CredentialStoreTests : IDisposable
{
    private readonly Surroundings _surroundings = new();

    private CredentialStore Store => new(new(Path.GetDirectoryName(_surroundings.ConfigFile)!));

    public void Dispose() => _surroundings.Dispose();

    [Theory]
    [InlineData("a.test:5000", "ann")]
    [InlineData("b.test", "bob")]
    [InlineData("c.test", "col")]
    [InlineData("docker.io", "hub")]
    [InlineData("d.test", null)]
    [InlineData("a.test", null)]
    public void A_login_belongs_to_one_host(string registry, string? user)
    {
        _surroundings.Config($$"""
            {"auths":{
              "a.test:5000":{"auth":"{{Base64("ann:p:w")}}"},
              "https://b.test/v1/":{"auth":"{{Base64("bob:x\0\0")}}"},
              "http://c.test":{"username":"col","password":"y"},
              "https://index.docker.io/v1/":{"auth":"{{Base64("hub:z")}}"},
              "d.test":{}
            } }
            """);
        var login = Store.Find(registry, default);
        (login?.Username).ShouldBe(user);
        if (user == "ann")
        {
            login!.Password.ShouldBe("p:w");
        }
        else if (user == "bob")
        {
            login!.Password.ShouldBe("x");
        }
    }

    [Fact]
    public void Tokens_are_read()
    {
        _surroundings.Config("""{"auths":{"a.test":{"identitytoken":"i"},"b.test":{"registrytoken":"r"}}}""");
        Store.Find("a.test", default)!.IdentityToken.ShouldBe("i");
        Store.Find("b.test", default)!.RegistryToken.ShouldBe("r");
    }

    [Fact]
    public void Writing_keeps_what_is_not_known_here()
    {
        _surroundings.Config("""{"detachKeys":"ctrl-x","auths":{"a.test":{"auth":"eDp5","email":"m"}},"plugins":{"p":{"q":"1"}},"psFormat":"<&>"}""");
        Store.Store("b.test", new() { Username = "ann", Password = "p" }, default).ShouldBeNull();
        using var document = JsonDocument.Parse(File.ReadAllText(_surroundings.ConfigFile));
        var root = document.RootElement;
        root.GetProperty("detachKeys").GetString().ShouldBe("ctrl-x");
        root.GetProperty("plugins").GetProperty("p").GetProperty("q").GetString().ShouldBe("1");
        root.GetProperty("psFormat").GetString().ShouldBe("<&>");
        root.GetProperty("auths").GetProperty("a.test").GetProperty("email").GetString().ShouldBe("m");
        root.GetProperty("auths").GetProperty("b.test").GetProperty("auth").GetString().ShouldBe(Base64("ann:p"));
        Programs.Run("stat", "-c", "%a", _surroundings.ConfigFile).ShouldBe("600\n");
        Store.Erase("b.test", default).ShouldBeTrue();
        Store.Erase("b.test", default).ShouldBeFalse();
        Store.Find("b.test", default).ShouldBeNull();
        Store.Find("a.test", default)!.Username.ShouldBe("x");
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        _surroundings.Config("{}");
        var real = Path.Combine(_surroundings.Folder, "real.json");
        File.Move(_surroundings.ConfigFile, real);
        File.CreateSymbolicLink(_surroundings.ConfigFile, "../real.json");
        Store.Store("a.test", new() { Username = "u", Password = "p" }, default);
        new FileInfo(_surroundings.ConfigFile).LinkTarget.ShouldBe("../real.json");
        File.ReadAllText(real).ShouldContain("a.test");
    }

    [Fact]
    public void The_file_stays_its_owner_s()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give a file to somebody");
        _surroundings.Config("{}");
        Programs.Run("chown", "12345:54321", _surroundings.ConfigFile);
        Store.Store("a.test", new() { Username = "u", Password = "p" }, default);
        Programs.Run("stat", "-c", "%u:%g %a", _surroundings.ConfigFile).ShouldBe("12345:54321 600\n");
        Directory.GetFileSystemEntries(Path.GetDirectoryName(_surroundings.ConfigFile)!).ShouldBe([_surroundings.ConfigFile]);
    }

    [Fact]
    public void Logins_at_once_do_not_lose_each_other()
    {
        var threads = Enumerable.Range(0, 8).Select(number => new Thread(() => Store.Store($"r{number}.test", new() { Username = "u", Password = "p" }, default))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Enumerable.Range(0, 8).ShouldAllBe(number => Store.Find($"r{number}.test", default) != null);
    }

    [Fact]
    public void A_helper_keeps_what_the_file_does_not()
    {
        using var helper = new HelperScript();
        _surroundings.Config($$"""{"credsStore":"{{helper.Name}}"}""");
        Store.Find("a.test", default).ShouldBeNull();
        Store.Store("a.test", new() { Username = "ann", Password = "p\"w" }, default).ShouldBe(helper.Name);
        helper.Kept("a.test").ShouldBe("""{"ServerURL":"a.test","Username":"ann","Secret":"p\"w"}""");
        File.ReadAllText(_surroundings.ConfigFile).ShouldNotContain("auth\"");
        var login = Store.Find("a.test", default)!;
        login.Username.ShouldBe("ann");
        login.Password.ShouldBe("p\"w");
        Store.Erase("a.test", default).ShouldBeTrue();
        helper.Keeps("a.test").ShouldBeFalse();
        Store.Erase("a.test", default).ShouldBeFalse();
    }

    [Fact]
    public void A_registry_may_have_a_helper_of_its_own()
    {
        using var own = new HelperScript("#!/bin/sh\ncat >/dev/null\necho '{\"ServerURL\":\"x\",\"Username\":\"<token>\",\"Secret\":\"t\"}'");
        using var other = new HelperScript("#!/bin/sh\necho boom\nexit 3");
        _surroundings.Config($$"""{"credsStore":"{{other.Name}}","credHelpers":{"docker.io":"{{own.Name}}","c.test":""} }""");
        Store.Find("docker.io", default)!.IdentityToken.ShouldBe("t");
        Store.Find("c.test", default).ShouldBeNull();
        Should.Throw<SampanException>(() => Store.Find("a.test", default)).Message.ShouldBe($"error getting credentials - docker-credential-{other.Name}: exit status 3, out: `boom`");
    }

    [Fact]
    public void A_helper_lists()
    {
        using var helper = new HelperScript();
        new CredentialProgram(helper.Name).List(default).ShouldBe([new("https://a.test/v1/", "ann")]);
    }

    [Fact]
    public void A_helper_that_is_missing_is_named()
    {
        _surroundings.Config("""{"credsStore":"is-not-there"}""");
        Should.Throw<SampanException>(() => Store.Find("a.test", default)).Message
            .ShouldStartWith("error getting credentials - exec: \"docker-credential-is-not-there\": executable file not found in $PATH");
    }

    [Fact]
    public void A_helper_that_hangs_is_killed()
    {
        using var helper = new HelperScript("#!/bin/sh\nexec sleep 600");
        _surroundings.Config($$"""{"credsStore":"{{helper.Name}}"}""");
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var watch = Stopwatch.StartNew();
        Should.Throw<OperationCanceledException>(() => Store.Find("a.test", cancellation.Token));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("{", "config.json: ")]
    [InlineData("""{"auths":[]}""", "auths: an object is expected")]
    [InlineData("""{"auths":{"a.test":{"auth":"?"}}}""", "auths.a.test.auth is not user:password in base64")]
    [InlineData("""{"auths":{"a.test":{"auth":"bm9jb2xvbg=="}}}""", "auths.a.test.auth is not user:password in base64")]
    public void A_file_that_makes_no_sense_is_refused_in_one_line(string text, string words)
    {
        _surroundings.Config(text);
        var error = Should.Throw<SampanException>(() => Store.Find("a.test", default));
        error.Message.ShouldContain(words);
        error.Message.ShouldNotContain('\n');
    }

    [Fact]
    public void Only_meta_headers_are_for_registries()
    {
        _surroundings.Config("""{"HttpHeaders":{"X-Meta-Team":"a","Authorization":"Basic x"}}""");
        Store.Headers().ShouldBe([new("X-Meta-Team", "a")]);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
