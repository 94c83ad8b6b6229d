using System.Text;
using System.Text.Json;
using Sampan.Json;
using Sampan.Linux;
using Sampan.Linux.Processes;

namespace Sampan.Registries.Credentials;

/// <summary>A program docker-credential-NAME, which keeps credentials: its first argument is the verb, standard input what it is about
/// (docker-credential-helpers, README.md, "Development").</summary>
/// <param name="name">The name in the configuration.</param>
internal sealed class CredentialProgram(string name)
{
    // The words by which clients of the protocol know that there is nothing, and that it is no error.
    private const string NothingThere = "credentials not found in native keychain";
    private const int LongestAnswer = 1 << 20;

    /// <returns>The credential, or null when the program has none.</returns>
    /// <exception cref="SampanException">The program is missing, failed, or answered nonsense.</exception>
    public Credential? Get(string server, CancellationToken cancellation)
    {
        var result = Run("get", Encoding.UTF8.GetBytes(server), cancellation);
        if (result.Code != 0)
        {
            return result.Output.Contains(NothingThere, StringComparison.Ordinal) ? null : throw Failed("getting", result);
        }

        var answer = Parse(result.Output, CredentialJson.HelperCredential);
        var secret = answer.Secret ?? "";
        return answer.Username == Credential.TokenUser
            ? new() { IdentityToken = secret }
            : new() { Username = answer.Username ?? "", Password = secret };
    }

    /// <exception cref="SampanException">The program is missing or failed.</exception>
    public void Store(string server, Credential credential, CancellationToken cancellation)
    {
        var entry = new HelperCredential
        {
            ServerURL = server,
            Username = credential.IdentityToken is null ? credential.Username : Credential.TokenUser,
            Secret = credential.IdentityToken ?? credential.Password,
        };
        var result = Run("store", CredentialJson.HelperCredential.ToBytes(entry), cancellation);
        if (result.Code != 0)
        {
            throw Failed("storing", result);
        }
    }

    /// <returns>Whether there was something to erase, as far as the program tells.</returns>
    /// <exception cref="SampanException">The program is missing or failed.</exception>
    public bool Erase(string server, CancellationToken cancellation)
    {
        var result = Run("erase", Encoding.UTF8.GetBytes(server), cancellation);
        return result.Code == 0 || (result.Output.Contains(NothingThere, StringComparison.Ordinal) ? false : throw Failed("erasing", result));
    }

    /// <returns>Users by server.</returns>
    /// <exception cref="SampanException">The program is missing, failed, or answered nonsense.</exception>
    public IReadOnlyDictionary<string, string> List(CancellationToken cancellation)
    {
        var result = Run("list", "unused"u8, cancellation);
        return result.Code == 0 ? Parse(result.Output, CredentialJson.Users) : throw Failed("listing", result);
    }

    private T Parse<T>(string output, JsonFormat<T> format)
    {
        try
        {
            return format.Parse(output);
        }
        catch (JsonException error)
        {
            // The answer itself may be a secret.
            throw new SampanException(ErrorKind.Unavailable, $"docker-credential-{name}: its answer is not what the protocol says: {error.Message}", error);
        }
    }

    private SampanException Failed(string verb, (int Code, string Output) result)
    {
        var words = ServerWords.Clean(result.Output);
        return new(ErrorKind.Unavailable, $"error {verb} credentials - docker-credential-{name}: exit status {result.Code}, out: `{words}`");
    }

    private (int Code, string Output) Run(string verb, ReadOnlySpan<byte> input, CancellationToken cancellation)
    {
        if (name.Contains('/', StringComparison.Ordinal) || name.Length == 0)
        {
            throw SampanException.InvalidArgument($"credential helper \"{name}\": the part of a program's name behind docker-credential- is expected");
        }

        try
        {
            var (code, output) = PipedProgram.Run("docker-credential-" + name, [verb], input, LongestAnswer, cancellation);
            return (code, Encoding.UTF8.GetString(output).Trim());
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.EACCES)
        {
            throw new SampanException(
                ErrorKind.Unavailable,
                $"error getting credentials - exec: \"docker-credential-{name}\": executable file not found in $PATH: "
                + "install it, or take it out of credsStore and credHelpers in docker's config.json",
                error);
        }
    }
}
