using System.Text.Json;
using Sampan.Registries.Tests.Harness;

namespace Sampan.EndToEnd.Registries;

/// <summary>login and logout, and what they open.</summary>
public sealed class LoginTests : IDisposable
{
    private readonly ClientHost _host = new();

    public LoginTests() => _host.MakeBusybox();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_login_opens_a_registry_with_a_file_of_passwords_until_the_logout()
    {
        Programs.Require("apache2-utils", "htpasswd", "makes password files");
        var file = Path.Combine(_host.Folder, "htpasswd");
        Programs.Run("htpasswd", "-B", "-b", "-C", "4", "-c", file, "ann", "secret");
        using var registry = new RealRegistry(new(Top: $"auth: {"{"}htpasswd: {"{"}realm: r, path: {file}{"}}"}"));
        var name = registry.Host + "/x:1";
        _host.Sampan("tag", "busybox", name).ShouldSucceed();
        _host.Sampan("push", name).ShouldFail(1, "no basic auth credentials");
        _host.Sampan("login", "-u", "ann", "-p", "wrong", registry.Host).ShouldFail(1, "401 Unauthorized");
        File.Exists(_host.Logins).ShouldBeFalse();

        var login = _host.Sampan("login", "-u", "ann", "-p", "secret", registry.Host);
        login.ShouldSucceed().ShouldBe("Login Succeeded");
        login.Error.Split('\n').ShouldBe(
        [
            "WARNING! Using --password via the CLI is insecure. Use --password-stdin.", "",
            $"WARNING! Your credentials are stored unencrypted in '{_host.Logins}'.", "Configure a credential helper to remove this warning. See",
            "https://docs.docker.com/go/credential-store/", "", "",
        ]);
        Host.Shell("stat -c %a \"$1\"", _host.Logins).ShouldBe("600");
        _host.Sampan("push", name).ShouldSucceed();
        _host.Sampan("rmi", name).ShouldSucceed();
        _host.Sampan("pull", name).ShouldSucceed();

        _host.Sampan("logout", registry.Host).ShouldSucceed().ShouldBe($"Removing login credentials for {registry.Host}");
        _host.Sampan("pull", name).ShouldFailInOneLine(1, "no basic auth credentials");
        _host.Sampan("logout", registry.Host).ShouldSucceed().ShouldBe($"Removing login credentials for {registry.Host}");
        _host.SampanWithInput("secret\n", "login", "-u", "ann", "--password-stdin", registry.Host).ShouldSucceed().ShouldBe("Login Succeeded");
        using var document = JsonDocument.Parse(File.ReadAllText(_host.Logins));
        document.RootElement.GetProperty("auths").GetProperty(registry.Host).GetProperty("auth").GetString().ShouldBe(Convert.ToBase64String("ann:secret"u8));
    }

    [Fact]
    public void A_token_server_gives_rights_to_who_is_logged_in()
    {
        using var tokens = new TokenServer();
        var bundle = Path.Combine(_host.Folder, "bundle.pem");
        File.WriteAllText(bundle, tokens.Pem);
        using var registry = new RealRegistry(new(
            Top: $"auth: {"{"}token: {"{"}realm: '{tokens.Realm}', service: registry-of-the-tests, issuer: of-the-tests, rootcertbundle: {bundle}{"}}"}"));
        var (open, closed) = (registry.Host + "/public/x:1", registry.Host + "/private/x:1");
        _host.Sampan("tag", "busybox", open).ShouldSucceed();
        _host.Sampan("tag", "busybox", closed).ShouldSucceed();
        _host.Sampan("push", open).ShouldFail(1, "denied: requested access to the resource is denied");
        _host.Sampan("login", "-u", "ann", "-p", "secret", registry.Host).ShouldSucceed();
        _host.Sampan("push", open).ShouldSucceed();
        _host.Sampan("push", closed).ShouldSucceed();
        _host.Sampan("logout", registry.Host).ShouldSucceed();
        using var other = new ClientHost();
        other.Sampan("pull", open).ShouldSucceed();
        other.Sampan("pull", closed).ShouldFailInOneLine(1, $"pull access denied for {registry.Host}/private/x, repository does not exist or may require 'docker login'");
    }

    [Fact]
    public void A_terminal_is_asked_and_does_not_show_the_password()
    {
        Programs.Require("apache2-utils", "htpasswd", "makes password files");
        var file = Path.Combine(_host.Folder, "htpasswd");
        Programs.Run("htpasswd", "-B", "-b", "-C", "4", "-c", file, "ann", "hidden-words");
        using var registry = new RealRegistry(new(Top: $"auth: {"{"}htpasswd: {"{"}realm: r, path: {file}{"}}"}"));
        using var terminal = new PseudoTerminal(
            "/usr/bin/env", ["SAMPAN_CONFIG=" + _host.Configuration, "DOCKER_CONFIG=" + Path.GetDirectoryName(_host.Logins), Host.Binary, .. _host.Arguments("login", registry.Host)]);
        terminal.Expect("Username: ");
        terminal.Send("ann\r");
        terminal.Expect("Password: ");
        terminal.Send("hidden-words\r");
        terminal.Expect("Login Succeeded");
        terminal.Wait().ShouldBe(0);
        terminal.Screen.ShouldNotContain("hidden-words");
        terminal.SettingsNow.ShouldBe(terminal.SettingsBefore);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_in_dockers_words()
    {
        _host.Sampan("login", "-u", "ann", "127.0.0.1:1").ShouldFail(1, "cannot perform an interactive login from a non TTY device");
        _host.SampanWithInput("x", "login", "--password-stdin", "127.0.0.1:1").ShouldFail(1, "the --password-stdin option requires --username to be set");
        _host.Sampan("login", "-p", "x", "--password-stdin", "127.0.0.1:1").ShouldFail(1, "conflicting options: cannot specify both --password and --password-stdin");
        _host.Sampan("login", "-u", "ann", "-p", "x", "127.0.0.1:1").ShouldFail(1, "connect: connection refused");
    }
}
