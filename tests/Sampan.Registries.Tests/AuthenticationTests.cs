using System.Text;
using Sampan.Linux;
using Sampan.Registries.Tests.Credentials;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests;

/// <summary>Who gets to see a login, and who does not.</summary>
public sealed class AuthenticationTests : IDisposable
{
    private readonly Surroundings _surroundings = new();
    private readonly FakeRegistry _registry = new();
    private readonly ScriptedServer _server;
    private readonly TestImage _image = new(5, "amd64", 1000);
    private readonly TokenServer _tokens = new();
    private Func<Question, string?> _challenge;
    private string? _revoked;

    public AuthenticationTests()
    {
        _challenge = question => question["Authorization"]?.StartsWith("Bearer ", StringComparison.Ordinal) == true && question["Authorization"] != _revoked
            ? null
            : $"Bearer realm=\"{_tokens.Realm}\",service=\"registry-of-the-tests\",scope=\"repository:x:pull\"";
        _server = new(question => _challenge(question) is { } challenge
            ? Reply.Error(401, "UNAUTHORIZED", "authentication required").With("WWW-Authenticate", challenge)
            : _registry.Answer(question));
        _registry.Add(_image, "1");
    }

    private string Name => _server.Host + "/x:1";

    public void Dispose()
    {
        _surroundings.Dispose();
        _server.Dispose();
        _tokens.Dispose();
    }

    [Fact]
    public void Nobody_in_particular_gets_a_token_and_keeps_it()
    {
        var source = _surroundings.Source(Name);
        source.OpenBlob(source.GetManifest().Layers[0]).ReadAll().ShouldBe(_image[_image.Layers[0]]);
        _tokens.Questions.Single().ToString().ShouldBe("GET /token?scope=repository%3Ax%3Apull&service=registry-of-the-tests");
        _tokens.Questions.Single()["Authorization"].ShouldBeNull();
        _server.Questions.Select(question => question["Authorization"]?[..7]).ShouldBe([null, null, "Bearer ", "Bearer ", "Bearer "]);
    }

    [Fact]
    public void A_user_s_password_goes_to_the_token_server_and_not_to_the_registry()
    {
        Login("ann:secret");
        _surroundings.Source(Name).GetManifest();
        _tokens.Questions.Single()["Authorization"].ShouldBe("Basic " + Base64("ann:secret"));
        _tokens.Questions.Single().Path.ShouldContain("account=ann");
        _server.Questions.ShouldAllBe(question => question["Authorization"] == null || question["Authorization"]!.StartsWith("Bearer "));
    }

    [Fact]
    public void A_wrong_password_is_told_in_the_server_s_words()
    {
        Login("ann:wrong");
        Should.Throw<SampanException>(() => _surroundings.Source(Name).GetManifest()).Message.ShouldBe($"unauthorized: incorrect username or password: log in to {_server.Host}");
        _tokens.Questions.Count().ShouldBeLessThan(3);
    }

    [Fact]
    public void A_refresh_token_goes_by_POST()
    {
        _surroundings.Config($"{"{"}\"auths\":{"{"}\"{_server.Host}\":{"{"}\"identitytoken\":\"{TokenServer.RefreshToken}\"{"}}}"}");
        _surroundings.Source(Name).GetManifest();
        var question = _tokens.Questions.Single();
        question.ToString().ShouldBe("POST /token");
        TokenServer.Form(question)["grant_type"].Single().ShouldBe("refresh_token");
        TokenServer.Form(question)["scope"].Single().ShouldBe("repository:x:pull");
    }

    [Fact]
    public void A_helper_may_keep_a_refresh_token()
    {
        using var helper = new HelperScript($"#!/bin/sh\ncat >/dev/null\necho '{"{"}\"Username\":\"<token>\",\"Secret\":\"{TokenServer.RefreshToken}\"{"}"}'");
        _surroundings.Config($"{"{"}\"credHelpers\":{"{"}\"{_server.Host}\":\"{helper.Name}\"{"}}"}");
        _surroundings.Source(Name).GetManifest();
        _tokens.Questions.Single().Method.ShouldBe("POST");
    }

    [Fact]
    public void A_token_that_was_taken_back_is_replaced_once()
    {
        var source = _surroundings.Source(Name);
        source.GetManifest();
        _revoked = _server.Questions.Last()["Authorization"];
        source.GetBlob(_image.Manifest.Config!).ShouldBe(_image[_image.Manifest.Config!]);
        _tokens.Questions.Count().ShouldBe(2);
    }

    [Fact]
    public void A_token_that_ended_is_not_sent()
    {
        var clock = new SetClock();
        _surroundings.Clock = clock;
        var source = _surroundings.Source(Name);
        source.GetManifest();
        clock.Passed = TimeSpan.FromSeconds(260);
        source.GetManifest();
        _tokens.Questions.Count().ShouldBe(1);
        clock.Passed = TimeSpan.FromSeconds(280);
        source.GetManifest();
        _tokens.Questions.Count().ShouldBe(2);
        _server.Questions.Count(question => question["Authorization"] is null).ShouldBe(2, "the probe and the first question");
    }

    [Fact]
    public void Refusals_without_end_come_to_one()
    {
        _challenge = _ => $"Bearer realm=\"{_tokens.Realm}\",service=\"s\",scope=\"repository:x:pull\",error=\"insufficient_scope\"";
        Should.Throw<SampanException>(() => _surroundings.Source(Name).GetManifest()).Message
            .ShouldBe($"pull access denied for {_server.Host}/x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied");
        _server.Questions.Count.ShouldBeLessThan(10);
        _tokens.Questions.Count().ShouldBeLessThan(4);
    }

    [Fact]
    public void A_token_server_that_stumbles_is_asked_again()
    {
        var left = 2;
        _tokens.Fault = _ => left-- > 0 ? new Reply(503) : null;
        _surroundings.Source(Name).GetManifest();
        _tokens.Questions.Count().ShouldBe(3);
    }

    [Theory]
    [InlineData("{}", "gives no token")]
    [InlineData("<html>", "answer of the token server: no JSON")]
    [InlineData("{\"token\":\"a\\nX-Evil: 1\"}", "gives no token")]
    public void A_token_server_that_answers_nonsense_is_named(string body, string words)
    {
        _tokens.Fault = _ => new Reply(200, body);
        Should.Throw<SampanException>(() => _surroundings.Source(Name).GetManifest()).Message.ShouldContain(words);
    }

    [Fact]
    public void A_registry_token_is_sent_as_it_is()
    {
        _surroundings.Config($"{"{"}\"auths\":{"{"}\"{_server.Host}\":{"{"}\"registrytoken\":\"fixed\"{"}}}"}");
        _surroundings.Source(Name).GetManifest();
        _server.Questions.Last()["Authorization"].ShouldBe("Bearer fixed");
        _tokens.Questions.ShouldBeEmpty();
    }

    [Fact]
    public void Mounting_asks_for_a_token_of_both_repositories()
    {
        Login("ann:secret");
        _registry.Fault = question => question.Method == "HEAD" ? Reply.Error(404, "BLOB_UNKNOWN", "") : null;
        var layer = _image.Layers[0];
        _surroundings.Target(Name).PushBlob(layer, offset => _image.Open(layer, offset), new() { MountFrom = _ => "other" }).ShouldBe(BlobOutcome.Mounted);
        TokenServer.Form(_tokens.Questions.Last())["scope"].ShouldBe(["repository:other:pull", "repository:x:pull,push"]);
    }

    [Fact]
    public void A_redirect_takes_no_login_and_no_header_along()
    {
        using var other = new ScriptedServer(question => question.Path == "/data" ? new Reply(200, _image[_image.Layers[0]]) : new Reply(404));
        _surroundings.Config($$"""{"auths":{"{{_server.Host}}":{"auth":"{{Base64("ann:secret")}}"},"{{other.Host}}":{"auth":"{{Base64("bob:other")}}"} },"HttpHeaders":{"X-Meta-Secret":"m"} }""");
        _challenge = BasicChallenge;
        _registry.Fault = question => question.Path.Contains("/blobs/") ? new Reply(307).With("Location", $"http://{other.Host}/data") : null;
        _surroundings.Source(Name).OpenBlob(_image.Layers[0]).ReadAll().ShouldBe(_image[_image.Layers[0]]);
        _server.Questions.Last()["Authorization"].ShouldBe("Basic " + Base64("ann:secret"));
        _server.Questions.Last()["X-Meta-Secret"].ShouldBe("m");
        other.Questions.Single()["Authorization"].ShouldBeNull();
        other.Questions.Single()["X-Meta-Secret"].ShouldBeNull();
    }

    [Fact]
    public void Another_host_s_challenge_is_not_answered()
    {
        using var other = new ScriptedServer(_ => new Reply(401).With("WWW-Authenticate", "Basic realm=\"give me\""));
        _surroundings.Config($$"""{"auths":{"{{_server.Host}}":{"auth":"{{Base64("ann:secret")}}"},"{{other.Host}}":{"auth":"{{Base64("ann:secret")}}"} } }""");
        _challenge = BasicChallenge;
        _registry.Fault = question => question.Path.Contains("/blobs/") ? new Reply(302).With("Location", $"http://{other.Host}/data") : null;
        Should.Throw<SampanException>(() => _surroundings.Source(Name).OpenBlob(_image.Layers[0]).ReadAll()).Kind.ShouldBe(ErrorKind.Forbidden);
        other.Questions.Single()["Authorization"].ShouldBeNull();
    }

    [Fact]
    public void Redirects_without_end_come_to_one()
    {
        _challenge = _ => null;
        var count = 0;
        _registry.Fault = question => question.Path.Contains("/blobs/") ? new Reply(302).With("Location", $"/v2/x/blobs/{count++}") : null;
        Should.Throw<SampanException>(() => _surroundings.Source(Name).OpenBlob(_image.Layers[0]).ReadAll()).Message.ShouldEndWith("stopped after 10 redirects");
        count.ShouldBe(11);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ftp://a.test/x")]
    [InlineData("http://user@127.0.0.1:1/x")]
    public void A_redirect_to_no_address_is_refused(string location)
    {
        _challenge = _ => null;
        _registry.Fault = question => question.Path.Contains("/blobs/") ? (location.Length == 0 ? new Reply(302) : new Reply(302).With("Location", location)) : null;
        Should.Throw<SampanException>(() => _surroundings.Source(Name).OpenBlob(_image.Layers[0]).ReadAll()).Message.ShouldEndWith("redirected to no address");
    }

    [Fact]
    public void A_login_does_not_leave_for_another_host_because_a_plain_registry_says_so()
    {
        Login("ann:secret");
        _challenge = _ => "Bearer realm=\"https://evil.test/token\",service=\"s\"";
        Should.Throw<SampanException>(() => _surroundings.Source(Name).GetManifest()).Message
            .ShouldBe($"registry {_server.Host} speaks plain HTTP and sends logins to another host, evil.test: refused; give the registry a certificate");
    }

    [Fact]
    public void Of_several_challenges_the_bearer_s_is_answered()
    {
        Login("ann:secret");
        var before = _challenge;
        _challenge = question => before(question) is { } challenge ? "Basic realm=\"x\", " + challenge : null;
        _surroundings.Source(Name).GetManifest();
        _tokens.Questions.Count().ShouldBe(1);
    }

    [Fact]
    public void Threads_share_a_token()
    {
        var source = _surroundings.Source(Name);
        var threads = Enumerable.Range(0, 8).Select(_ => new Thread(() => source.OpenBlob(_image.Layers[0]).ReadAll())).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        _tokens.Questions.Count().ShouldBe(1);
    }

    private static string? BasicChallenge(Question question) => question["Authorization"] is null ? "Basic realm=\"x\"" : null;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void Login(string login) => _surroundings.Config($$$"""{"auths":{"{{{_server.Host}}}":{"auth":"{{{Base64(login)}}}"} } }""");

    private sealed class SetClock : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
