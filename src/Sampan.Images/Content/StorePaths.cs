namespace Sampan.Images.Content;

/// <summary>Where things are below the store's root. The root itself is an OCI image layout (image-spec, image-layout.md).</summary>
internal sealed class StorePaths(string root)
{
    /// <summary>The layout's directory.</summary>
    public string Root { get; } = root;

    public string LayoutFile { get; } = root + "/oci-layout";

    public string Index { get; } = root + "/index.json";

    public string Blobs { get; } = root + "/blobs/sha256";

    /// <summary>Unpacked layers by diff id, and beside each a note of its size.</summary>
    public string Layers { get; } = root + "/layers";

    /// <summary>One directory per writer at work; nothing in it is of value once no writer lives.</summary>
    public string Work { get; } = root + "/work";

    /// <summary>Blobs on their way here, by digest: what a pull that was killed has fetched, the next one need not. Whoever fetches one holds its lock.</summary>
    public string Downloads { get; } = root + "/downloads";

    /// <summary>Held for the instant in which index.json changes.</summary>
    public string IndexLock { get; } = root + "/index.lock";

    /// <summary>Held shared by who adds or counts on content, exclusively by who collects garbage.</summary>
    public string ContentLock { get; } = root + "/content.lock";

    public string Blob(Digest digest) => Blobs + "/" + digest.Hex;

    public string Download(Digest digest) => Downloads + "/" + digest.Hex;

    public string Layer(Digest diffId) => Layers + "/" + diffId.Hex;

    public string LayerNote(Digest diffId) => Layers + "/" + diffId.Hex + ".json";
}
