using System.Security.Cryptography;
using System.Text.Json;
using Sampan.Images;
using Sampan.Images.Content;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Registries.Lists;

/// <summary>
/// Manifest lists that a user puts together before he pushes them, in the files and the form of docker's client (~/.docker/manifests): a
/// directory for each list, a file for each image. docker manifest and this one work on the same lists.
/// </summary>
/// <param name="configDirectory">The directory of docker's config.json.</param>
public sealed class ManifestListStore(string configDirectory)
{
    private const int LargestFile = 16 << 20;
    private readonly string _root = configDirectory + "/manifests";

    /// <summary>Whether there is such a list.</summary>
    /// <param name="list">Its name.</param>
    /// <returns>True when there is.</returns>
    public bool Contains(ImageReference list) => FileDescriptor.TryStatus(DirectoryOf(list)) is { IsDirectory: true };

    /// <summary>The images of a list.</summary>
    /// <param name="list">Its name.</param>
    /// <returns>In the order of their files' names, which is docker's.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>, in docker's words; <see cref="ErrorKind.InvalidArgument"/>: a file is damaged.</exception>
    /// <exception cref="LinuxException">A file cannot be read.</exception>
    public IReadOnlyList<ListMember> Read(ImageReference list)
    {
        if (!Contains(list))
        {
            throw NoSuchList(list);
        }

        List<string> files = [];
        foreach (var entry in FileTree.List(DirectoryOf(list)))
        {
            // What begins with a dot is a file on its way.
            if (entry.Name.Bytes[0] != (byte)'.')
            {
                files.Add($"{DirectoryOf(list)}/{entry.Name}");
            }
        }

        files.Sort(StringComparer.Ordinal);
        List<ListMember> members = [];
        foreach (var file in files)
        {
            if (ReadMember(file) is { } member)
            {
                members.Add(member);
            }
        }

        return members;
    }

    /// <summary>An image of a list.</summary>
    /// <param name="list">The list's name.</param>
    /// <param name="image">The image's.</param>
    /// <returns>The image; null when the list has it not, or is not there.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: its file is damaged.</exception>
    /// <exception cref="LinuxException">Its file cannot be read.</exception>
    public ListMember? Find(ImageReference list, ImageReference image) => ReadMember(FileOf(list, image));

    /// <summary>Puts an image into a list, which is made if need be. One of the same name takes the place of the one there.</summary>
    /// <param name="list">The list's name.</param>
    /// <param name="member">The image.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a list of lists.</exception>
    /// <exception cref="LinuxException">A file cannot be written.</exception>
    public void Add(ImageReference list, ListMember member)
    {
        if (!MediaTypes.IsManifest(member.Descriptor.MediaType))
        {
            throw ListInList(member.Reference);
        }

        FileTree.MakeDirectories(DirectoryOf(list));
        AtomicFile.Write(FileOf(list, member.Reference), member.ToJson(), 0x1a4, durable: true);
    }

    /// <summary>Says what platform an image of a list is for.</summary>
    /// <param name="list">The list's name.</param>
    /// <param name="member">The image, as <see cref="Find"/> gave it.</param>
    /// <param name="annotation">What to change.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>, in docker's words: no such platform.</exception>
    /// <exception cref="LinuxException">A file cannot be written.</exception>
    public void Annotate(ImageReference list, ListMember member, PlatformAnnotation annotation)
    {
        var platform = annotation.Apply(member.Descriptor.Platform);
        if (!PlatformAnnotation.IsKnown(platform))
        {
            throw SampanException.InvalidArgument($"manifest entry for image has unsupported os/arch combination: {platform.Os}/{platform.Architecture}");
        }

        Add(list, member with { Descriptor = member.Descriptor with { Platform = platform } });
    }

    /// <summary>Forgets a list. Nothing of it in a registry changes.</summary>
    /// <param name="list">Its name.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>, in docker's words.</exception>
    /// <exception cref="LinuxException">A file cannot be removed.</exception>
    public void Remove(ImageReference list)
    {
        if (!FileTree.Remove(DirectoryOf(list)))
        {
            throw NoSuchList(list);
        }
    }

    /// <summary>What a list that shall be an image of a list gets.</summary>
    internal static SampanException ListInList(ImageReference reference) =>
        SampanException.InvalidArgument($"{reference} is a manifest list: a list has images, name one of its images by digest");

    // As docker's client makes names of files: docker.io_library_app-1.
    private static string FileName(ImageReference reference) => reference.ToString().Replace(':', '-').Replace('/', '_');

    private static SampanException NoSuchList(ImageReference list) => SampanException.NotFound($"No such manifest: {list}");

    private static ListMember? ReadMember(string path)
    {
        if (FileTree.TryRead(path, LargestFile) is not { } bytes)
        {
            return null;
        }

        var document = Parse(bytes, path);
        Span<byte> raw = new byte[document.Raw?.Length ?? 0];
        if (document is not { Ref: { } reference, Descriptor: { } descriptor, Raw: { } text } || !Convert.TryFromBase64String(text, raw, out var length)
            || Digest.FromHash(SHA256.HashData(raw[..length])).Value != descriptor.Digest || !MediaTypes.IsManifest(descriptor.MediaType))
        {
            throw SampanException.InvalidArgument($"{path}: not what manifest create writes, or damaged: remove the list (manifest rm) and create it again");
        }

        // What is made of the bytes relies on their being what they are called.
        var manifest = TargetRepository.ReadManifest(raw[..length].ToArray(), descriptor.MediaType, path);
        return new(ImageReference.Parse(reference), descriptor, manifest.Bytes);
    }

    private static ListMemberDocument Parse(ReadOnlySpan<byte> bytes, string path)
    {
        try
        {
            return ListJson.ListMemberDocument.Parse(bytes);
        }
        catch (JsonException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"{path}: not valid JSON of its kind: {error.Message}", error);
        }
    }

    private string DirectoryOf(ImageReference list) => $"{_root}/{FileName(list)}";

    private string FileOf(ImageReference list, ImageReference image) => $"{DirectoryOf(list)}/{FileName(image)}";
}
