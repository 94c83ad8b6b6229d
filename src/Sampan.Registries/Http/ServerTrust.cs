using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Sampan.Registries.Configuration;

namespace Sampan.Registries.Http;

/// <summary>Whether the certificate of a server is taken: by the system's authorities, or by those of certs.d.</summary>
/// <param name="host">host[:port] of the server.</param>
/// <param name="authorities">Further authorities.</param>
/// <param name="insecure">The user configured that whatever it shows is taken.</param>
/// <param name="directory">Where the user may put a further authority, for messages.</param>
/// <param name="refusals">Receives why one is not taken, by host: the framework's own words are cut from the native executables.</param>
internal sealed class ServerTrust(string host, X509Certificate2Collection authorities, bool insecure, string directory, ConcurrentDictionary<string, string> refusals)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>A RemoteCertificateValidationCallback.</summary>
    public bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || insecure)
        {
            return true;
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) || certificate is null)
        {
            return Refuse("the server shows no certificate");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return Refuse($"certificate is not valid for {RegistryHost.WithoutPort(host)}");
        }

        var status = chain is null ? X509ChainStatusFlags.NoError : All(chain);
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return Refuse("certificate has expired or is not yet valid");
        }

        return IsSigned(certificate, chain) || Refuse($"certificate signed by unknown authority: put the authority's certificate into {directory}/{host}/ca.crt");
    }

    private static X509ChainStatusFlags All(X509Chain chain)
    {
        var all = X509ChainStatusFlags.NoError;
        foreach (var status in chain.ChainStatus)
        {
            all |= status.Status;
        }

        return all;
    }

    private bool IsSigned(X509Certificate certificate, X509Chain? presented)
    {
        if (authorities.Count == 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ServerAuthentication));
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        using var copy = new X509Certificate2(certificate);
        return chain.Build(copy);
    }

    private bool Refuse(string reason)
    {
        refusals[host] = reason;
        return false;
    }
}
