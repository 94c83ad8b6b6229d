using System.Security.Cryptography.X509Certificates;
using Sampan.Registries.Tests.Harness;

namespace Sampan.EndToEnd.Registries;

/// <summary>A registry with TLS and an authority of its own, by a name that /etc/hosts of a mount namespace has.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Name = "registry.test";
    private readonly ClientHost _host = new();
    private readonly TestAuthority _authority = new();
    private readonly X509Certificate2 _certificate;
    private readonly RealRegistry _registry;

    public TlsTests()
    {
        _certificate = _authority.Sign(Name);
        var (certificate, key) = (Path.Combine(_host.Folder, "server.crt"), Path.Combine(_host.Folder, "server.key"));
        File.WriteAllText(certificate, _certificate.ExportCertificatePem());
        File.WriteAllText(key, TestAuthority.KeyPem(_certificate));
        File.WriteAllText(Path.Combine(_host.Folder, "hosts"), $"127.0.0.1 localhost {Name}\n");
        _registry = new RealRegistry(new(Http: $"  tls: {"{"}certificate: {certificate}, key: {key}{"}"}"));
        _host.MakeBusybox();
    }

    public void Dispose()
    {
        _registry.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void Its_authority_is_trusted_by_certs_d_and_by_nothing_else()
    {
        var place = $"{Name}:{_registry.Port}";
        _host.Sampan("tag", "busybox", place + "/x").ShouldSucceed();
        Command("push", place + "/x").ShouldFail(1, "x509: certificate signed by unknown authority");
        var folder = Directory.CreateDirectory(Path.Combine(_host.Configuration, "certs.d", place)).FullName;
        File.WriteAllText(Path.Combine(folder, "ca.crt"), _authority.Pem);
        Command("push", place + "/x").ShouldSucceed();
        _host.Sampan("rmi", "busybox", place + "/x").ShouldSucceed();
        Command("run", "--rm", place + "/x", "echo", "inside").ShouldSucceed().ShouldBe("inside");

        File.Delete(Path.Combine(folder, "ca.crt"));
        Command("pull", place + "/x").ShouldFail(1, "x509: certificate signed by unknown authority");
        _host.Configure($"[[registry]]\nlocation = '{place}'\ninsecure = true\n");
        Command("pull", place + "/x").ShouldSucceed().ShouldContain("Status: Image is up to date");
    }

    [Fact]
    public void A_manifest_list_is_made_where_its_authority_is_trusted_or_nobody_asks_for_one()
    {
        var place = $"{Name}:{_registry.Port}";
        _host.Configure($"[[registry]]\nlocation = '{place}'\ninsecure = true\n");
        _host.Sampan("tag", "busybox", place + "/x").ShouldSucceed();
        Command("push", "-q", place + "/x").ShouldSucceed();
        _host.Configure("");
        Command("manifest", "inspect", place + "/x").ShouldFail(1, "x509: certificate signed by unknown authority");
        Command("manifest", "create", place + "/list", place + "/x").ShouldFail(1, "x509: certificate signed by unknown authority");
        Command("manifest", "inspect", "--insecure", place + "/x").ShouldSucceed().ShouldContain("\"layers\"");
        Command("manifest", "create", "--insecure", place + "/list", place + "/x").ShouldSucceed();
        Command("manifest", "push", place + "/list").ShouldFail(1, "x509: certificate signed by unknown authority");
        Command("manifest", "push", "--insecure", place + "/list").ShouldSucceed();
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_host.Configuration, "certs.d", place)).FullName, "ca.crt"), _authority.Pem);
        Command("manifest", "push", "--purge", place + "/list").ShouldSucceed();
        Command("pull", "-q", place + "/list").ShouldSucceed();
    }

    private CommandResult Command(params string[] arguments)
    {
        using var command = new RunningCommand(
            "unshare",
            ["-m", "sh", "-ec", "mount --bind \"$0\" /etc/hosts; exec \"$@\"", Path.Combine(_host.Folder, "hosts"), Host.Binary, .. _host.Arguments(arguments)],
            [new("SAMPAN_CONFIG", _host.Configuration), new("DOCKER_CONFIG", Path.GetDirectoryName(_host.Logins)!)]);
        command.CloseInput();
        return command.Wait();
    }
}
