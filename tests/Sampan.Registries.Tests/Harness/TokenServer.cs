using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sampan.Registries.Tests.Harness;

/// <summary>
/// A token server as docker's specification has it (distribution, spec/auth): it signs JSON web tokens that Debian's docker-registry
/// verifies. Everybody may pull from public/…; ann, with password "secret" or her refresh token, may do all.
/// </summary>
internal sealed class TokenServer : IDisposable
{
    public const string RefreshToken = "refresh-of-ann";

    private readonly TestAuthority _authority = new();
    private readonly X509Certificate2 _certificate;
    private readonly ScriptedServer _server;

    public TokenServer()
    {
        _certificate = _authority.Sign("token signer", isClient: true);
        _server = new(Answer);
    }

    public string Realm => $"http://{_server.Host}/token";

    /// <summary>What its tokens can be verified with.</summary>
    public string Pem => _authority.Pem;

    public IEnumerable<Question> Questions => _server.Questions;

    /// <summary>Answers in its place, when it does answer.</summary>
    public Func<Question, Reply?> Fault { get; set; } = _ => null;

    /// <summary>The user a question is from; null for nobody, empty for a wrong password.</summary>
    public static string? UserOf(Question question)
    {
        if (question.Method == "POST")
        {
            return Form(question)["refresh_token"].Contains(RefreshToken) ? "ann" : "";
        }

        return question["Authorization"] is not { } header
            ? null
            : header == "Basic " + Convert.ToBase64String("ann:secret"u8) ? "ann" : "";
    }

    public static ILookup<string, string> Form(Question question) =>
        (question.Method == "POST" ? Encoding.UTF8.GetString(question.Body()) : question.Path.Split('?')[^1]).Split('&')
            .Select(part => part.Split('=', 2)).ToLookup(part => part[0], part => Uri.UnescapeDataString(part[1].Replace('+', ' ')));

    public void Dispose()
    {
        _server.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
    }

    private Reply Answer(Question question)
    {
        if (Fault(question) is { } fault)
        {
            return fault;
        }

        var user = UserOf(question);
        if (user == "")
        {
            return Reply.Error(401, "UNAUTHORIZED", "incorrect username or password");
        }

        var form = Form(question);
        var scopes = form["scope"].SelectMany(scope => scope.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var access = scopes.Select(scope => scope.Split(':')).Select(parts => Access(user, parts[0], parts[1], parts[2].Split(','))).Where(text => text.Length > 0);
        var refresh = user is not null && form["offline_token"].Contains("true") ? $",\"refresh_token\":\"{RefreshToken}\"" : "";
        return new Reply(200, $"{"{"}\"token\":\"{Sign(user ?? "", string.Join(',', access))}\",\"expires_in\":300{refresh}{"}"}").With("Content-Type", "application/json");
    }

    private static string Access(string? user, string type, string name, string[] actions)
    {
        var granted = actions.Where(action => user is not null || (action == "pull" && name.StartsWith("public/", StringComparison.Ordinal))).Select(action => $"\"{action}\"");
        return granted.Any() ? $"{"{"}\"type\":\"{type}\",\"name\":\"{name}\",\"actions\":[{string.Join(',', granted)}]{"}"}" : "";
    }

    private string Sign(string user, string access)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var head = $"{"{"}\"typ\":\"JWT\",\"alg\":\"ES256\",\"x5c\":[\"{Convert.ToBase64String(_certificate.RawData)}\"]{"}"}";
        var claims = string.Create(
            CultureInfo.InvariantCulture,
            $"{"{"}\"iss\":\"of-the-tests\",\"sub\":\"{user}\",\"aud\":\"registry-of-the-tests\",\"exp\":{now + 300},\"nbf\":{now - 10},\"iat\":{now},\"jti\":\"{Guid.NewGuid()}\",\"access\":[{access}]{"}"}");
        var text = Base64(Encoding.UTF8.GetBytes(head)) + "." + Base64(Encoding.UTF8.GetBytes(claims));
        using var key = _certificate.GetECDsaPrivateKey()!;
        return text + "." + Base64(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
