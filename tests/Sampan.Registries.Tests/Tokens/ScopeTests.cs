using Sampan.Linux;
using Sampan.Registries.Tokens;

namespace Sampan.Registries.Tests.Tokens;

public class ScopeTests
{
    [Fact]
    public void Scopes_of_one_repository_are_one() =>
        Scope.Push("a/b").And("repository:a/b:pull,delete registry:catalog:*").Text.ShouldBe("registry:catalog:* repository:a/b:delete,pull,push");

    [Fact]
    public void A_resource_may_have_colons() => Scope.None.And("repository:host:5000/x:pull").Text.ShouldBe("repository:host:5000/x:pull");

    [Fact]
    public void Mounting_asks_for_both() => Scope.Mount("to", "from").Text.ShouldBe("repository:from:pull repository:to:pull,push");

    [Fact]
    public void A_question_for_a_token_keeps_the_realm_s_own_query() =>
        TokenQuery.Get(new("https://t.test/token?x=1"), "a service", Scope.Mount("to", "from"), "me", offline: true).AbsoluteUri
            .ShouldBe("https://t.test/token?x=1&account=me&client_id=docker&offline_token=true&scope=repository%3Afrom%3Apull&scope=repository%3Ato%3Apull%2Cpush&service=a%20service");

    [Fact]
    public void A_refresh_token_goes_into_the_body() =>
        TokenQuery.Form("s", Scope.Pull("r"), new() { IdentityToken = "a&b" }).ShouldBe("grant_type=refresh_token&refresh_token=a%26b&service=s&client_id=docker&scope=repository%3Ar%3Apull");

    [Theory]
    [InlineData("https://r.test", "https://t.test/x", true, null)]
    [InlineData("https://r.test", "http://t.test/x", false, "over plain HTTP")]
    [InlineData("https://r.test", "http://r.test/x", true, "over plain HTTP")]
    [InlineData("http://r.test:5000", "http://r.test:5001/x", true, null)]
    [InlineData("http://r.test", "https://t.test/x", true, "another host")]
    [InlineData("http://r.test", "https://t.test/x", false, null)]
    [InlineData("http://localhost:1", "http://127.0.0.1:2/x", true, null)]
    [InlineData("https://r.test", "https://me@t.test/x", true, "names no token server")]
    [InlineData("https://r.test", "/token", true, "names no token server")]
    [InlineData("https://r.test", "file:///etc/passwd", true, "names no token server")]
    public void A_login_goes_to_a_realm_that_may_have_it(string registry, string realm, bool withLogin, string? refusal)
    {
        var challenge = new Challenge("bearer", new Dictionary<string, string> { ["realm"] = realm });
        if (refusal is null)
        {
            TokenRealm.Check(new(registry), challenge, withLogin).ToString().ShouldBe(realm);
        }
        else
        {
            Should.Throw<SampanException>(() => TokenRealm.Check(new(registry), challenge, withLogin)).Message.ShouldContain(refusal);
        }
    }
}
