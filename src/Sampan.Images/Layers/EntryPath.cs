using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Images.Layers;

/// <summary>
/// A path from an archive, cleaned lexically as docker does: leading slashes, "." and inner ".." are resolved; what leaves the layer is
/// refused (CVE-2021-32760 and its kin).
/// </summary>
internal readonly struct EntryPath
{
    private EntryPath(FileName parent, FileName name)
    {
        Parent = parent;
        Name = name;
    }

    /// <summary>The directory, relative to the layer's root; empty for the root itself.</summary>
    public FileName Parent { get; }

    /// <summary>The last component; empty when the path is the root.</summary>
    public FileName Name { get; }

    public bool IsRoot => Name.Bytes.IsEmpty;

    /// <summary>Both parts together.</summary>
    public FileName Whole => Parent.Bytes.IsEmpty ? Name : FileName.FromBytes([.. Parent.Bytes, (byte)'/', .. Name.Bytes]);

    /// <param name="path">Path as it stands in the archive.</param>
    /// <param name="what">"entry" or "link target", for the message.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it leaves the layer.</exception>
    public static EntryPath Parse(FileName path, string what)
    {
        var source = path.Bytes;
        Span<byte> clean = source.Length <= 1024 ? stackalloc byte[1024] : new byte[source.Length];
        var length = 0;
        while (!source.IsEmpty)
        {
            var slash = source.IndexOf((byte)'/');
            var component = slash < 0 ? source : source[..slash];
            source = slash < 0 ? default : source[(slash + 1)..];
            if (component.IsEmpty || component.SequenceEqual("."u8))
            {
                continue;
            }

            if (component.SequenceEqual(".."u8))
            {
                if (length == 0)
                {
                    throw SampanException.InvalidArgument($"invalid layer: {what} \"{path}\" points outside of it");
                }

                length = Math.Max(0, clean[..length].LastIndexOf((byte)'/'));
                continue;
            }

            if (length > 0)
            {
                clean[length++] = (byte)'/';
            }

            component.CopyTo(clean[length..]);
            length += component.Length;
        }

        var whole = clean[..length];
        var last = whole.LastIndexOf((byte)'/');
        return last < 0
            ? new(FileName.FromBytes(default), FileName.FromBytes(whole))
            : new(FileName.FromBytes(whole[..last]), FileName.FromBytes(whole[(last + 1)..]));
    }
}
