using Sampan.Linux;
using Sampan.Registries.Configuration;

namespace Sampan.Registries.Tests.Configuration;

public class ProxyEnvironmentTests
{
    [Theory]
    [InlineData("https://registry.test/", "", "http://s.test:3128/")]
    [InlineData("http://registry.test/", "", "http://p.test:8080/")]
    [InlineData("http://127.0.0.1:5000/", "", null)]
    [InlineData("http://localhost:5000/", "", null)]
    [InlineData("https://registry.test/", "*", null)]
    [InlineData("https://registry.test/", "other.test, registry.test", null)]
    [InlineData("https://a.registry.test/", "registry.test", null)]
    [InlineData("https://a.registry.test/", ".registry.test", null)]
    [InlineData("https://registry.test/", ".registry.test", "http://s.test:3128/")]
    [InlineData("https://notregistry.test/", "registry.test", "http://s.test:3128/")]
    [InlineData("https://registry.test:444/", "registry.test:444", null)]
    [InlineData("https://registry.test/", "registry.test:444", "http://s.test:3128/")]
    [InlineData("https://10.1.2.3/", "10.0.0.0/8", null)]
    [InlineData("https://11.1.2.3/", "10.0.0.0/8", "http://s.test:3128/")]
    [InlineData("https://[fd00::1]/", "fd00::/8", null)]
    public void Proxies_are_those_of_the_environment(string address, string without, string? proxy)
    {
        var environment = new ProxyEnvironment(name => name switch { "HTTP_PROXY" => "p.test:8080", "https_proxy" => "http://s.test:3128", "NO_PROXY" => without, _ => null });
        (environment.GetProxy(new(address))?.ToString()).ShouldBe(proxy);
        environment.IsBypassed(new(address)).ShouldBe(proxy is null);
    }

    [Fact]
    public void A_proxy_may_want_a_user()
    {
        var environment = new ProxyEnvironment(name => name == "HTTPS_PROXY" ? "http://me:p%40ss@s.test:3128" : null);
        var credential = environment.Credentials!.GetCredential(new("http://s.test:3128"), "Basic")!;
        credential.UserName.ShouldBe("me");
        credential.Password.ShouldBe("p@ss");
    }

    [Fact]
    public void The_header_Proxy_of_a_cgi_request_is_no_proxy() =>
        new ProxyEnvironment(name => name switch { "HTTP_PROXY" => "evil.test", "REQUEST_METHOD" => "GET", _ => null }).GetProxy(new("http://a.test")).ShouldBeNull();

    [Fact]
    public void Nonsense_is_refused_without_its_password()
    {
        var error = Should.Throw<SampanException>(() => new ProxyEnvironment(name => name == "HTTPS_PROXY" ? "ftp://me:secret@s.test" : null));
        error.Message.ShouldContain("HTTPS_PROXY");
        error.Message.ShouldNotContain("secret");
    }
}
