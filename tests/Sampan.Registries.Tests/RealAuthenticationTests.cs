using Sampan.Linux;
using Sampan.Registries.Tests.Credentials;
using Sampan.Registries.Tests.Harness;

namespace Sampan.Registries.Tests;

/// <summary>Against Debian's docker-registry, which wants to know who asks.</summary>
public sealed class RealAuthenticationTests : IDisposable
{
    private readonly Surroundings _surroundings = new();
    private readonly TestImage _image = new(40, "amd64", 10_000);

    public void Dispose() => _surroundings.Dispose();

    [Fact]
    public void A_file_of_passwords()
    {
        Programs.Require("apache2-utils", "htpasswd", "makes password files");
        var file = Path.Combine(_surroundings.Folder, "htpasswd");
        Programs.Run("htpasswd", "-B", "-b", "-C", "4", "-c", file, "ann", "secret");
        using var registry = new RealRegistry(new(Top: $"auth: {"{"}htpasswd: {"{"}realm: r, path: {file}{"}}"}"));
        var name = registry.Host + "/x:1";
        Fails(() => Push(name)).ShouldBe($"no basic auth credentials: log in to {registry.Host}");
        Fails(() => _surroundings.Client().Login(registry.Host, "ann", "wrong"))
            .ShouldBe($"login attempt to http://{registry.Host}/v2/ failed with status: 401 Unauthorized: unauthorized: authentication required");
        File.Exists(_surroundings.ConfigFile).ShouldBeFalse();

        _surroundings.Client().Login(registry.Host, "ann", "secret").ShouldBe(new(null, _surroundings.ConfigFile));
        _surroundings.Client().FindUser(registry.Host).ShouldBe("ann");
        Push(name);
        _surroundings.Source(name).OpenBlob(_image.Layers[0]).ReadAll().ShouldBe(_image[_image.Layers[0]]);

        // What docker's own tools wrote, we read; what we wrote, they read.
        Programs.Require("skopeo", "skopeo", "reads the login");
        Programs.Run("skopeo", "inspect", "--tls-verify=false", "--authfile", _surroundings.ConfigFile, "docker://" + name).ShouldContain("sha256:");
        _surroundings.Client().Logout(registry.Host).ShouldBeTrue();
        Fails(() => _surroundings.Source(name).Resolve()).ShouldStartWith("no basic auth credentials");
    }

    [Fact]
    public void Tokens()
    {
        using var tokens = new TokenServer();
        var bundle = Path.Combine(_surroundings.Folder, "bundle.pem");
        File.WriteAllText(bundle, tokens.Pem);
        using var registry = new RealRegistry(new(
            Top: $"auth: {"{"}token: {"{"}realm: '{tokens.Realm}', service: registry-of-the-tests, issuer: of-the-tests, rootcertbundle: {bundle}{"}}"}"));
        var (open, closed) = (registry.Host + "/public/x:1", registry.Host + "/private/x:1");
        Fails(() => Push(open)).ShouldBe($"denied: requested access to the resource is denied");
        Fails(() => _surroundings.Client().Login(registry.Host, "ann", "wrong")).ShouldContain("failed with status: 401 Unauthorized: unauthorized: incorrect username or password");

        // A login gets a refresh token, and that is what is kept.
        using var helper = new HelperScript();
        _surroundings.Config($"{"{"}\"credsStore\":\"{helper.Name}\"{"}"}");
        _surroundings.Client().Login(registry.Host, "ann", "secret").Helper.ShouldBe(helper.Name);
        helper.Kept(registry.Host).ShouldBe($"{"{"}\"ServerURL\":\"{registry.Host}\",\"Username\":\"<token>\",\"Secret\":\"{TokenServer.RefreshToken}\"{"}"}");
        Push(open);
        Push(closed, "public/x").ShouldBe([BlobOutcome.Mounted, BlobOutcome.Mounted]);
        _surroundings.Source(closed).GetManifest().Config!.Digest.ShouldBe(_image.Manifest.Config!.Digest);
        tokens.Questions.Count(question => question.Method == "POST").ShouldBeGreaterThan(0);
        _surroundings.Client().Logout(registry.Host).ShouldBeTrue();

        _surroundings.Source(open).OpenBlob(_image.Layers[0]).ReadAll().ShouldBe(_image[_image.Layers[0]]);
        Fails(() => _surroundings.Source(closed).GetManifest())
            .ShouldBe($"pull access denied for {registry.Host}/private/x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied");
    }

    [Fact]
    public void Certificates_of_server_and_client()
    {
        using var authority = new TestAuthority();
        using var server = authority.Sign("registry.test");
        using var client = authority.Sign("ann", isClient: true);
        var folder = _surroundings.Folder;
        File.WriteAllText($"{folder}/ca.pem", authority.Pem);
        File.WriteAllText($"{folder}/server.pem", server.ExportCertificatePem());
        File.WriteAllText($"{folder}/server.key", TestAuthority.KeyPem(server));
        using var registry = new RealRegistry(new(Http: $"  tls: {"{"}certificate: {folder}/server.pem, key: {folder}/server.key, clientcas: [{folder}/ca.pem]{"}"}"));
        using var proxy = new TunnelProxy(new Dictionary<string, int> { ["registry.test:443"] = registry.Port });
        _surroundings["HTTPS_PROXY"] = proxy.Address;
        var certificates = _surroundings.CertificateFolder("registry.test");
        Fails(() => Push("registry.test/x:1")).ShouldContain("certificate signed by unknown authority");

        File.WriteAllText($"{certificates}/ca.crt", authority.Pem);
        Should.Throw<SampanException>(() => Push("registry.test/x:1"));

        File.WriteAllText($"{certificates}/client.cert", client.ExportCertificatePem());
        File.WriteAllText($"{certificates}/client.key", TestAuthority.KeyPem(client));
        Push("registry.test/x:1");
        _surroundings.Source("registry.test/x:1").OpenBlob(_image.Layers[0]).ReadAll().ShouldBe(_image[_image.Layers[0]]);
    }

    private static string Fails(Func<object> action) => Should.Throw<SampanException>(() => { action(); }).Message;

    private List<BlobOutcome> Push(string name, string? mountFrom = null)
    {
        List<BlobOutcome> outcomes = [];
        _surroundings.Target(name).PushImage(_image.Manifest, _ => throw new InvalidOperationException(), _image.Open, new()
        {
            MountFrom = _ => mountFrom,
            Done = (_, outcome) => { lock (outcomes) { outcomes.Add(outcome); } },
        });
        return outcomes;
    }
}
