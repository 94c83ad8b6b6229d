using System.Security.Cryptography.X509Certificates;
using Sampan.Linux;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests;

/// <summary>Certificates of servers and clients; hosts have names of their own behind a proxy, as this machine itself is insecure by its name.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly Surroundings _surroundings = new();
    private readonly TestAuthority _authority = new();
    private readonly FakeRegistry _registry = new();
    private readonly TestImage _image = new(6, "amd64", 1000);
    private readonly List<IDisposable> _made = [];

    public TlsTests() => _registry.Add(_image, "1");

    public void Dispose()
    {
        _surroundings.Dispose();
        _made.ForEach(thing => thing.Dispose());
        _authority.Dispose();
    }

    [Fact]
    public void An_authority_of_certs_d_is_trusted_for_its_host()
    {
        Serve("registry.test:443", _authority.Sign("registry.test"));
        Trust("registry.test");
        Pull().ShouldBe(_image.Manifest.Bytes.ToArray());
    }

    [Fact]
    public void An_authority_for_one_host_is_none_for_another()
    {
        Serve("registry.test:443", _authority.Sign("registry.test"));
        Trust("other.test");
        Fails().ShouldBe(
            "Head \"https://registry.test/v2/x/manifests/1\": tls: failed to verify certificate: x509: certificate signed by unknown authority: put the authority's certificate into " + Path.Combine(_surroundings.Folder, "certs.d", "registry.test", "ca.crt"));
    }

    [Fact]
    public void A_certificate_is_for_its_name()
    {
        Serve("registry.test:443", _authority.Sign("other.test"));
        Trust("registry.test");
        Fails().ShouldEndWith("x509: certificate is not valid for registry.test");
    }

    [Fact]
    public void A_certificate_ends()
    {
        Serve("registry.test:443", _authority.Sign("registry.test", expired: true));
        Trust("registry.test");
        Fails().ShouldEndWith("x509: certificate has expired or is not yet valid");
    }

    [Fact]
    public void An_insecure_registry_s_certificate_is_taken_as_it_is()
    {
        Serve("registry.test:443", _authority.Sign("other.test"));
        _surroundings.Registries("[[registry]]\nlocation = 'registry.test'\ninsecure = true");
        Pull().ShouldBe(_image.Manifest.Bytes.ToArray());
    }

    [Fact]
    public void A_registry_that_is_not_insecure_is_never_asked_by_plain_HTTP()
    {
        var server = new ScriptedServer(_registry.Answer);
        _made.Add(server);
        Proxy(new() { ["registry.test:443"] = server.Port });
        _surroundings["HTTP_PROXY"] = $"http://{server.Host}";
        Fails().ShouldContain("tls: ");
        server.Questions.ShouldBeEmpty();
    }

    [Fact]
    public void An_insecure_registry_without_TLS_is_asked_by_plain_HTTP()
    {
        var server = new ScriptedServer(_registry.Answer);
        _made.Add(server);
        Proxy(new() { ["registry.test:443"] = server.Port });
        _surroundings["HTTP_PROXY"] = $"http://{server.Host}";
        _surroundings.Registries("[[registry]]\nlocation = 'registry.test'\ninsecure = true");
        Pull().ShouldBe(_image.Manifest.Bytes.ToArray());
        server.Questions.ShouldAllBe(question => question.Host == "registry.test");
    }

    [Fact]
    public void A_redirect_leads_from_TLS_to_plain_HTTP_for_nobody()
    {
        Serve("registry.test:443", _authority.Sign("registry.test"));
        Trust("registry.test");
        _registry.Fault = question => question.Path.Contains("/blobs/") ? new Reply(307).With("Location", "http://registry.test/elsewhere") : null;
        Should.Throw<SampanException>(() => _surroundings.Source("registry.test/x:1").OpenBlob(_image.Layers[0]).ReadAll()).Message
            .ShouldEndWith("redirected from HTTPS to plain HTTP at registry.test: refused");
    }

    [Fact]
    public void A_token_server_over_plain_HTTP_gets_nothing()
    {
        Serve("registry.test:443", _authority.Sign("registry.test"));
        Trust("registry.test");
        _surroundings.Config("""{"auths":{"registry.test":{"auth":"YTpi"}}}""");
        _registry.Fault = _ => new Reply(401).With("WWW-Authenticate", "Bearer realm=\"http://registry.test/token\"");
        Fails().ShouldBe("registry registry.test speaks TLS and sends logins over plain HTTP to registry.test: refused");
    }

    [Fact]
    public void A_redirect_to_a_host_of_the_same_authority_needs_no_folder_of_its_own()
    {
        using var other = new ScriptedServer(_ => new Reply(200, _image[_image.Layers[0]]), _authority.Sign("cdn.test"));
        var server = new ScriptedServer(_registry.Answer, _authority.Sign("registry.test"));
        _made.Add(server);
        Proxy(new() { ["registry.test:443"] = server.Port, ["cdn.test:443"] = other.Port });
        Trust("registry.test");
        _surroundings.Config("""{"auths":{"registry.test":{"auth":"YTpi"}}}""");
        _registry.Fault = question => question["Authorization"] is null
            ? new Reply(401).With("WWW-Authenticate", "Basic realm=\"x\"")
            : question.Path.Contains("/blobs/") ? new Reply(307).With("Location", "https://cdn.test/data?signature=secret") : null;
        _surroundings.Source("registry.test/x:1").OpenBlob(_image.Layers[0]).ReadAll().ShouldBe(_image[_image.Layers[0]]);
        other.Questions.Single()["Authorization"].ShouldBeNull();
    }

    [Fact]
    public void A_proxy_that_does_not_know_the_host_is_named()
    {
        Proxy([]);
        Fails().ShouldBe("Head \"https://registry.test/v2/x/manifests/1\": proxyconnect tcp: the proxy refuses");
    }

    [Theory]
    [InlineData("a.cert", "missing key a.key for client certificate a.cert in ")]
    [InlineData("a.key", "missing client certificate a.cert for key a.key in ")]
    [InlineData("a.crt", "a.crt: cannot be read as a certificate, with its key, in PEM")]
    public void Folders_of_certificates_are_checked(string file, string words)
    {
        Proxy([]);
        File.WriteAllText(Path.Combine(_surroundings.CertificateFolder("registry.test"), file), "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
        Fails().ShouldContain(words);
    }

    private byte[] Pull() => _surroundings.Source("registry.test/x:1").GetManifest().Bytes.ToArray();

    private string Fails() => Should.Throw<SampanException>(Pull).Message;

    private void Trust(string host) => File.WriteAllText(Path.Combine(_surroundings.CertificateFolder(host), "ca.crt"), _authority.Pem);

    private void Serve(string place, X509Certificate2 certificate)
    {
        var server = new ScriptedServer(_registry.Answer, certificate);
        _made.Add(server);
        Proxy(new() { [place] = server.Port });
    }

    private void Proxy(Dictionary<string, int> ports)
    {
        var proxy = new TunnelProxy(ports);
        _made.Add(proxy);
        _surroundings["HTTPS_PROXY"] = proxy.Address;
    }
}
