using System.Globalization;
using Sampan.Oci.Images;

namespace Sampan.Registries.Platforms;

/// <summary>Which of the manifests of an index is for a platform (containerd, platforms.Only): the same variant, or the next older one that the machine runs as well.</summary>
public static class PlatformChoice
{
    /// <summary>The manifest for a platform.</summary>
    /// <param name="manifests">Those of an index.</param>
    /// <param name="wanted">The platform.</param>
    /// <returns>The best; the first of those that are alike; null when none will run.</returns>
    public static Descriptor? Find(IReadOnlyList<Descriptor> manifests, Platform wanted)
    {
        Descriptor? best = null;
        var bestRank = int.MaxValue;
        foreach (var manifest in manifests)
        {
            if (Rank(manifest.Platform, wanted) is { } rank && rank < bestRank && manifest.Annotation("vnd.docker.reference.type") != "attestation-manifest")
            {
                (best, bestRank) = (manifest, rank);
            }
        }

        return best;
    }

    /// <summary>Whether an image made for one platform runs on another.</summary>
    /// <param name="made">What it was made for.</param>
    /// <param name="wanted">Where it shall run.</param>
    /// <returns>True when it does.</returns>
    public static bool Runs(Platform made, Platform wanted) => Rank(made, wanted) is not null;

    // How far a platform is from the wanted one: 0 is the same; null when it does not run there.
    private static int? Rank(Platform? made, Platform wanted)
    {
        if (made is null)
        {
            // An index that does not say: better than nothing, and worse than anything that does.
            return int.MaxValue - 1;
        }

        made = PlatformName.Normalize(made);
        wanted = PlatformName.Normalize(wanted);
        if (made.Os != wanted.Os)
        {
            return null;
        }

        return made.Architecture == wanted.Architecture
            ? RankVariant(made.Architecture!, made.Variant, wanted.Variant)
            : (made.Architecture, wanted.Architecture) switch
            {
                ("386", "amd64") => 1000,

                // A 64-bit ARM runs what the 32-bit ones of its generation and before did.
                ("arm", "arm64") when RankVariant("arm", made.Variant, "v8") is { } rank => 1000 + rank,
                _ => null,
            };
    }

    private static int? RankVariant(string architecture, string? made, string? wanted)
    {
        if (made == wanted)
        {
            return 0;
        }

        // amd64 without a variant is the first.
        var oldest = architecture switch { "amd64" => 1, "arm" => 5, "arm64" => 8, _ => 0 };
        if (oldest == 0 || Number(made ?? "v1") is not { } older || Number(wanted ?? "v1") is not { } newer || older.Major < oldest)
        {
            return null;
        }

        var distance = architecture != "arm64" || older.Major == newer.Major
            ? ((newer.Major - older.Major) * 16) + newer.Minor - older.Minor

            // ARM v9.0 grew out of v8.5: v9.x runs what v8.(x + 5) does.
            : older.Major == 8 && newer.Major == 9 && older.Minor <= newer.Minor + 5 ? (2 * newer.Minor) + 6 - older.Minor : -1;
        return distance >= 0 ? distance + 1 : null;
    }

    // v8 and v8.2; a variant of another form is only equal to itself.
    private static (int Major, int Minor)? Number(string variant)
    {
        var dot = variant.IndexOf('.', StringComparison.Ordinal);
        var major = dot < 0 ? variant : variant[..dot];
        var minor = dot < 0 ? "0" : variant[(dot + 1)..];
        return major is ['v', .. var digits]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var part)
            && number < 1000 && part < 16
            ? (number, part)
            : null;
    }
}
