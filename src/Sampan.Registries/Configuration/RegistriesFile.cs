using System.Text;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Registries.Toml;

namespace Sampan.Registries.Configuration;

/// <summary>
/// Reads the file of registries, in version 2 of containers-registries.conf(5). What would mean something and is not done is refused:
/// a key that is passed over in silence is a policy that does not hold.
/// </summary>
internal static class RegistriesFile
{
    private const int LargestFile = 1 << 20;

    /// <param name="path">The file; one that is missing has no rules.</param>
    /// <param name="insecure">Registries that are insecure whatever it says.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: file, line and what is wrong there.</exception>
    public static RegistriesConfiguration Read(string path, IReadOnlyList<string>? insecure = null) =>
        FileTree.TryRead(path, LargestFile) is { } bytes ? Parse(Encoding.UTF8.GetString(bytes), path, insecure) : new([], path, insecure);

    /// <param name="text">The document.</param>
    /// <param name="path">The file it is from, for messages.</param>
    /// <param name="insecure">Registries that are insecure whatever it says.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: file, line and what is wrong there.</exception>
    public static RegistriesConfiguration Parse(string text, string path, IReadOnlyList<string>? insecure = null)
    {
        try
        {
            var root = TomlReader.Parse(text);
            CheckRoot(root);
            List<RegistryRule> rules = [];
            foreach (var table in root.List<TomlTable>("registry", "tables"))
            {
                var rule = ReadRule(table, path);
                if (rules.Exists(other => other.Prefix == rule.Prefix))
                {
                    throw new TomlException(table.Line, $"registry {rule.Prefix} is given a second time");
                }

                rules.Add(rule);
            }

            return new(rules, path, insecure);
        }
        catch (TomlException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"{path}:{error.Line}: {error.Message}", error);
        }
    }

    private static void CheckRoot(TomlTable root)
    {
        foreach (var key in root.Keys)
        {
            var refusal = key switch
            {
                "registry" => null,
                "unqualified-search-registries" => RefuseSearch(root.List<string>(key, "strings")),
                "short-name-mode" or "aliases" => $"{key} is not taken: a name without a registry is docker.io's, as docker has it",
                "registries" => "this is version 1 of the format: write [[registry]] tables (containers-registries.conf(5))",
                "credential-helpers" => "credential-helpers is not taken: docker's config.json has credsStore and credHelpers",
                _ => $"{key} is not known here: registry is",
            };
            if (refusal is not null)
            {
                throw new TomlException(root.LineOf(key), refusal);
            }
        }
    }

    private static string? RefuseSearch(IReadOnlyList<string> registries) =>
        registries is [] or [RegistryHost.Hub]
            ? null
            : "unqualified-search-registries is not taken: a name without a registry is docker.io's, as docker has it";

    private static RegistryRule ReadRule(TomlTable table, string path)
    {
        Known(table, "prefix", "location", "insecure", "blocked", "mirror", "mirror-by-digest-only", "require-signature");
        var location = Location(table, "location");
        var prefix = Location(table, "prefix") ?? location ?? throw new TomlException(table.Line, "a registry needs a prefix or a location");
        if (prefix.StartsWith("*.", StringComparison.Ordinal) && prefix.Contains('/', StringComparison.Ordinal))
        {
            throw new TomlException(table.LineOf("prefix"), $"prefix {prefix}: what begins with *. is a host without path");
        }

        if (location?.StartsWith("*.", StringComparison.Ordinal) == true)
        {
            throw new TomlException(table.LineOf("location"), $"location {location}: only a prefix may begin with *.");
        }

        var digestsOnly = table.Flag("mirror-by-digest-only");
        return new()
        {
            Prefix = prefix,
            Location = location,
            Insecure = table.Flag("insecure"),
            Blocked = table.Flag("blocked"),
            SignatureKey = KeyFile(table, path),
            Mirrors = [.. table.List<TomlTable>("mirror", "tables").Select(mirror => ReadMirror(mirror, digestsOnly))],
        };
    }

    // Beside the file it is named in, unless it says where. A name that is empty would be a policy that does not hold.
    private static string? KeyFile(TomlTable table, string path) => table.Text("require-signature") switch
    {
        null => null,
        "" => throw new TomlException(table.LineOf("require-signature"), "require-signature: the file of a public key is expected"),
        var file => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", file),
    };

    private static RegistryMirror ReadMirror(TomlTable table, bool digestsOnly)
    {
        Known(table, "location", "insecure", "pull-from-mirror");
        var location = Location(table, "location") ?? throw new TomlException(table.Line, "a mirror needs a location");
        var from = table.Text("pull-from-mirror") ?? (digestsOnly ? "digest-only" : "all");
        return from is "all" or "digest-only" or "tag-only"
            ? new(location, table.Flag("insecure"), Digests: from != "tag-only", Tags: from != "digest-only")
            : throw new TomlException(table.LineOf("pull-from-mirror"), $"pull-from-mirror: all, digest-only or tag-only is expected, not \"{from}\"");
    }

    private static void Known(TomlTable table, params ReadOnlySpan<string> keys)
    {
        foreach (var key in table.Keys)
        {
            if (!keys.Contains(key))
            {
                throw new TomlException(table.LineOf(key), $"{key} is not known here: {string.Join(", ", keys.ToArray())} are");
            }
        }
    }

    // host[:port][/path], without scheme, as ImageReference would take it.
    private static string? Location(TomlTable table, string key)
    {
        var text = table.Text(key)?.TrimEnd('/');
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            throw new TomlException(table.LineOf(key), $"{key} {text}: write it without {text[..(text.IndexOf("://", StringComparison.Ordinal) + 3)]}");
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? text : text[..slash];
        var wild = key == "prefix" && host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        return ImageReference.IsDomain(wild) && (slash < 0 || ImageReference.IsRepository(text[(slash + 1)..]))
            ? text
            : throw new TomlException(table.LineOf(key), $"{key} {text}: host[:port][/path] is expected");
    }
}
