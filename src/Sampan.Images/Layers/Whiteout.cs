using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Images.Layers;

/// <summary>
/// Marks that hide what lower layers have: files named .wh.NAME and .wh..wh..opq in archives (image-spec, layer.md, "Whiteouts"), a
/// character device 0/0 and the attribute trusted.overlay.opaque in overlay (kernel, filesystems/overlayfs.rst).
/// </summary>
internal static class Whiteout
{
    /// <summary>Overlay's own attributes. An archive must not bring any: a redirect shows another directory than the image has.</summary>
    public static ReadOnlySpan<byte> OverlayAttributes => "trusted.overlay."u8;

    /// <summary>Says "y" on a directory that hides the lower one.</summary>
    public static ReadOnlySpan<byte> OpaqueAttribute => "trusted.overlay.opaque"u8;

    public static ReadOnlySpan<byte> Prefix => ".wh."u8;

    public static ReadOnlySpan<byte> OpaqueName => ".wh..wh..opq"u8;

    private static ReadOnlySpan<byte> MetaPrefix => ".wh..wh."u8;

    public static bool IsOne(FileName name) => name.Bytes.StartsWith(Prefix);

    /// <summary>Turns an archive's mark into overlay's.</summary>
    public static void Apply(ParentDirectories parents, EntryPath path, TimeSpec modified)
    {
        var name = path.Name.Bytes;
        if (name.SequenceEqual(OpaqueName))
        {
            MakeOpaque(parents.Open(path.Parent));
            return;
        }

        if (name.StartsWith(MetaPrefix))
        {
            // aufs kept notes of its own under such names; they mean nothing here.
            return;
        }

        FileName hidden = name[Prefix.Length..];
        if (hidden.Bytes.IsEmpty || hidden.Bytes.SequenceEqual("."u8) || hidden.Bytes.SequenceEqual(".."u8))
        {
            throw SampanException.InvalidArgument($"invalid layer: whiteout \"{path.Whole}\" hides no name");
        }

        var parent = parents.Open(path.Parent);
        if (parent.TryMakeNode(hidden, FileType.CharacterDevice, 0))
        {
            parent.SetTimesAt(hidden, modified, modified);
        }
        else if (parent.TryStatusAt(hidden) is { IsDirectory: true })
        {
            // This layer has hidden the lower directory and made a new one: that is what opaque means. A file needs nothing.
            using var directory = parent.OpenAt(hidden);
            MakeOpaque(directory);
        }
    }

    public static void MakeOpaque(FileDescriptor directory)
    {
        if (directory.TrySetAttribute(OpaqueAttribute, "y"u8) is not Errno.None and var errno)
        {
            throw new LinuxException(errno, "set attribute trusted.overlay.opaque", "");
        }
    }

    /// <summary>Opens a directory of this directory, not following a link.</summary>
    public static FileDescriptor OpenAt(this FileDescriptor parent, FileName name) =>
        parent.TryOpenAt(name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out var errno)
            ?? throw new LinuxException(errno, "open directory", name.ToString());
}
