using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Content;

/// <summary>Which entry of the index a user means, in docker's order: whole id, name, beginning of an id.</summary>
internal static class ImageLookup
{
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: several ids begin so, or it can be no name.</exception>
    public static Descriptor? Find(List<Descriptor> list, string text)
    {
        var isDigest = text.StartsWith(Digest.Prefix, StringComparison.Ordinal);
        var hex = isDigest ? text[Digest.Prefix.Length..] : text;
        var canBeId = hex.Length is > 0 and <= 64 && Digest.IsHexadecimal(hex);
        if (isDigest || hex.Length == 64)
        {
            return canBeId ? FindId(list, hex) : throw SampanException.InvalidArgument($"invalid reference format: \"{text}\"");
        }

        var reference = ImageReference.Parse(text);
        foreach (var entry in list)
        {
            if (!entry.IsRemoved() && Matches(entry, reference))
            {
                return entry;
            }
        }

        return canBeId ? FindId(list, hex) : null;
    }

    private static bool Matches(Descriptor entry, ImageReference reference)
    {
        if (reference.Digest is null)
        {
            return entry.Reference() == reference.ToString();
        }

        if (Array.IndexOf(entry.Sources(), $"{reference.Name}@{reference.Digest}") >= 0)
        {
            return true;
        }

        return entry.Digest == reference.Digest && entry.Reference() is { } name && ImageReference.TryParse(name, out _)?.Name == reference.Name;
    }

    private static Descriptor? FindId(List<Descriptor> list, string hex)
    {
        Descriptor? found = null;
        foreach (var entry in list)
        {
            if (!entry.IsRemoved() && entry.Id() is { } id && id.AsSpan(Digest.Prefix.Length).StartsWith(hex))
            {
                if (found is not null && found.Id() != id)
                {
                    throw SampanException.InvalidArgument($"image id \"{hex}\" is ambiguous: give more of its digits");
                }

                found = entry;
            }
        }

        return found;
    }
}
