namespace Sampan.Images;

/// <summary>How the layers of an inspected image are stored, in overlay's terms.</summary>
public sealed record ImageGraphDriver
{
    /// <summary>LowerDir: all layers but the top one, top first, between colons. UpperDir: the top layer.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Always "overlay2", which is what docker calls it.</summary>
    public string Name { get; init; } = "overlay2";

    internal static ImageGraphDriver Of(StoredImage image)
    {
        var directories = new List<string>(image.LayerDirectories);
        directories.Reverse();
        Dictionary<string, string> data = new(StringComparer.Ordinal);
        if (directories.Count > 1)
        {
            data["LowerDir"] = string.Join(':', directories.GetRange(1, directories.Count - 1));
        }

        if (directories.Count > 0)
        {
            data["UpperDir"] = directories[0];
        }

        return new() { Data = data };
    }
}
