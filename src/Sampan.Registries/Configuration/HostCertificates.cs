using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Registries.Configuration;

/// <summary>What docker's certs.d has for one host: *.crt are authorities to trust, NAME.cert with NAME.key is a certificate to show.</summary>
internal sealed class HostCertificates
{
    public X509Certificate2Collection Authorities { get; } = [];

    public X509Certificate2Collection Clients { get; } = [];

    /// <param name="directories">Directories that have one named host:port for each host.</param>
    /// <param name="host">host[:port].</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a file is no certificate or key, or one of a pair is missing.</exception>
    public static HostCertificates Read(IReadOnlyList<string> directories, string host)
    {
        var certificates = new HostCertificates();

        // A host comes from a reference, a redirect or a token server: only a plain name is joined to a path.
        if (!host.Contains('/', StringComparison.Ordinal) && host is not ("." or ".."))
        {
            foreach (var directory in directories)
            {
                certificates.ReadDirectory($"{directory}/{host}");
            }
        }

        return certificates;
    }

    private void ReadDirectory(string directory)
    {
        var names = FileTree.List(directory).Select(static entry => entry.Name.ToString()).Order(StringComparer.Ordinal).ToList();
        foreach (var name in names)
        {
            var path = $"{directory}/{name}";
            if (name.EndsWith(".crt", StringComparison.Ordinal))
            {
                Load(path, () => Authorities.ImportFromPemFile(path));
            }
            else if (name.EndsWith(".cert", StringComparison.Ordinal))
            {
                var key = name[..^".cert".Length] + ".key";
                if (!names.Contains(key))
                {
                    throw SampanException.InvalidArgument(
                        $"missing key {key} for client certificate {name} in {directory}. CA certificates must use the extension .crt");
                }

                Load(path, () => Clients.Add(X509Certificate2.CreateFromPemFile(path, $"{directory}/{key}")));
            }
            else if (name.EndsWith(".key", StringComparison.Ordinal) && !names.Contains(name[..^".key".Length] + ".cert"))
            {
                throw SampanException.InvalidArgument($"missing client certificate {name[..^".key".Length]}.cert for key {name} in {directory}");
            }
        }
    }

    private static void Load(string path, Action load)
    {
        try
        {
            load();
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"{path}: cannot be read as a certificate, with its key, in PEM", error);
        }
    }
}
