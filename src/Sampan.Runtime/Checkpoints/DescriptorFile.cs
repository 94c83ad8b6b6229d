using System.Text.Json;
using Sampan.Json;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Runtime.Checkpoints;

/// <summary>descriptors.json beside the images: what a container's standard streams were called, as runc writes it and engines pass it on.</summary>
internal static class DescriptorFile
{
    private const string Name = "descriptors.json";
    private const int LongestFile = 1 << 20;

    /// <summary>Writes it.</summary>
    /// <param name="images">The images' directory.</param>
    /// <param name="streams">Such as "pipe:[4711]", in the order of their numbers.</param>
    /// <exception cref="LinuxException">It cannot be written.</exception>
    public static void Write(string images, IReadOnlyList<string> streams) =>
        AtomicFile.Write($"{images}/{Name}", DescriptorJson.Names.ToBytes(streams));

    /// <summary>Reads it.</summary>
    /// <param name="settings">Where the images are.</param>
    /// <returns>The names.</returns>
    /// <exception cref="SampanException">It is not there, or damaged: this is no checkpoint of a container.</exception>
    public static IReadOnlyList<string> Read(CriuSettings settings)
    {
        var path = $"{settings.ImagePath}/{Name}";
        var json = FileTree.TryRead(path, LongestFile) ?? throw SampanException.NotFound($"no checkpoint at {settings.ImagePath}: {path} is not there");
        try
        {
            return DescriptorJson.Names.Parse(json);
        }
        catch (JsonException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"{path} is damaged: {error.Message}", error);
        }
    }
}

/// <summary>JSON of the file.</summary>
[JsonFormats]
[JsonFormat(typeof(IReadOnlyList<string>), Name = "Names")]
internal static partial class DescriptorJson;
