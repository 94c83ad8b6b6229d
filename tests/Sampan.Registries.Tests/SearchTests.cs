using Sampan.Linux;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests;

public sealed class SearchTests : IDisposable
{
    private const string Results = """{"num_results":2,"query":"a b","results":[{"name":"a/b","description":"one\ntwo","star_count":7,"is_official":true},{"name":"c","is_automated":true,"is_trusted":true}]}""";

    private readonly Surroundings _surroundings = new();

    public void Dispose() => _surroundings.Dispose();

    [Fact]
    public void A_registry_is_searched_as_docker_searches_it()
    {
        using var server = new ScriptedServer(question => question.Path.StartsWith("/v1/search", StringComparison.Ordinal) ? new Reply(200, Results) : new Reply(404));
        _surroundings.Config($$"""{"auths":{"{{server.Host}}":{"auth":"YTpi"} } }""");
        _surroundings.Client().Search(server.Host + "/a b", 3).ShouldBe(
            [new($"{server.Host}/a/b", "one two", 7, true, false), new($"{server.Host}/c", "", 0, false, true)]);
        server.Questions.Last().Path.ShouldBe("/v1/search?q=a%20b&n=3");
        server.Questions.Last()["Authorization"].ShouldBe("Basic YTpi");
    }

    [Fact]
    public void Words_alone_are_for_Docker_Hub_s_index()
    {
        using var authority = new TestAuthority();
        using var server = new ScriptedServer(_ => new Reply(200, Results), authority.Sign("index.docker.io"));
        using var proxy = new TunnelProxy(new Dictionary<string, int> { ["index.docker.io:443"] = server.Port });
        _surroundings["HTTPS_PROXY"] = proxy.Address;
        File.WriteAllText(Path.Combine(_surroundings.CertificateFolder("index.docker.io"), "ca.crt"), authority.Pem);
        _surroundings.Client().Search("a/b").Select(result => result.Name).ShouldBe(["a/b", "c"]);
        server.Questions.Single()["Host"].ShouldBe("index.docker.io");
    }

    [Fact]
    public void A_registry_without_search_says_so()
    {
        using var server = new ScriptedServer(_ => new Reply(404, "404 page not found"));
        Should.Throw<SampanException>(() => _surroundings.Client().Search(server.Host + "/x")).Message
            .ShouldBe($"Get \"http://{server.Host}/v1/search\": received unexpected HTTP status: 404 Not Found");
    }

    [Theory]
    [InlineData("x", 0, "limit 0 is outside the range of [1, 100]")]
    [InlineData("x", 101, "limit 101 is outside the range of [1, 100]")]
    [InlineData("https://x", 1, "invalid repository name: repository name (https://x) should not have a scheme")]
    public void Nonsense_is_refused(string term, int limit, string words) =>
        Should.Throw<SampanException>(() => _surroundings.Client().Search(term, limit)).Message.ShouldBe(words);

    [Fact]
    public void Pages_are_followed_on_their_host_and_not_in_a_circle()
    {
        var pages = new Dictionary<string, (string Body, string? Next)>
        {
            ["/v2/x/tags/list?n=1000"] = ("""{"name":"x","tags":["a","b"]}""", "</v2/x/tags/list?n=1000&last=b>; rel=\"next\""),
            ["/v2/x/tags/list?n=1000&last=b"] = ("""{"name":"x","tags":["c","no tag"]}""", null),
            ["/v2/circle/tags/list?n=1000"] = ("""{"tags":null}""", "</v2/circle/tags/list?n=1000>; rel=\"next\""),
            ["/v2/away/tags/list?n=1000"] = ("""{"tags":[]}""", "<http://127.0.0.1:1/v2/away/tags/list>; rel=\"next\""),
        };
        using var server = new ScriptedServer(question => !pages.TryGetValue(question.Path, out var page)
            ? new Reply(404)
            : page.Next is null ? new Reply(200, page.Body) : new Reply(200, page.Body).With("Link", page.Next));
        _surroundings.Source(server.Host + "/x").ListTags().ShouldBe(["a", "b", "c"]);
        Should.Throw<SampanException>(() => _surroundings.Source(server.Host + "/circle").ListTags()).Message.ShouldEndWith("pages without end");
        Should.Throw<SampanException>(() => _surroundings.Source(server.Host + "/away").ListTags()).Message.ShouldEndWith("the next page is at another host, 127.0.0.1:1");
    }
}
