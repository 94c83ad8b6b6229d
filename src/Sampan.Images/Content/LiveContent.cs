namespace Sampan.Images.Content;

/// <summary>
/// What images need, by hex digits. Blobs and layers are told apart: a blob that is not compressed has the very digits of the layer it unpacks
/// to, which another image may have of a compressed one.
/// </summary>
internal sealed class LiveContent
{
    public HashSet<string> Blobs { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Layers { get; } = new(StringComparer.Ordinal);
}
