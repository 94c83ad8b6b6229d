using System.Buffers;
using System.Text;
using System.Text.Json;
using Sampan.Json;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Registries.Credentials;

/// <summary>docker's config.json, which docker, podman and this program share.</summary>
/// <param name="directory">Its directory: $DOCKER_CONFIG, or ~/.docker.</param>
internal sealed class DockerConfigFile(string directory)
{
    private const int LargestFile = 4 << 20;
    private const int LongestChainOfLinks = 40;

    public string Path { get; } = directory + "/config.json";

    /// <summary>Reads it; one that is missing is empty.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is not of that shape.</exception>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    public DockerConfig Read()
    {
        var bytes = FileTree.TryRead(Path, LargestFile) ?? [];
        if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            return new();
        }

        try
        {
            return CredentialJson.DockerConfig.Parse(bytes);
        }
        catch (JsonException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"{Path}: {error.Message}", error);
        }
    }

    /// <summary>
    /// Changes it, and nothing in it that the change does not touch. It is replaced whole, readable by its owner alone, and a link that
    /// leads to it stays a link. Others who change it by this program wait; docker itself takes no lock.
    /// </summary>
    /// <param name="change">Changes it.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is not of that shape.</exception>
    /// <exception cref="LinuxException">It cannot be written.</exception>
    public void Update(Action<DockerConfig> change)
    {
        FileTree.MakeDirectories(directory, 0x1c0);
        using var held = FileLock.AcquireDirectory(directory);
        var config = Read();
        change(config);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = true, IndentCharacter = '\t', IndentSize = 1, Encoder = JsonTextEncoder.Instance }))
        {
            CredentialJson.DockerConfig.Write(writer, config);
        }

        Replace(Target(), buffer.WrittenSpan);
    }

    // sudo leaves HOME alone on some systems: the file stays the user's.
    private static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var slash = path.LastIndexOf('/');
        using var parent = FileDescriptor.Open(slash > 0 ? path[..slash] : "/", OpenFlags.ReadOnly | OpenFlags.Directory);
        var name = path[(slash + 1)..];
        var former = parent.TryStatusAt(name);
        AtomicFile.WriteAt(parent, name, content);
        if (former is { } owned && owned.UserId != 0 && parent.StatusAt(name).UserId == 0)
        {
            parent.SetOwnerAt(name, owned.UserId, owned.GroupId);
        }
    }

    // rename(2) would put a file where the link is.
    private string Target()
    {
        var path = Path;
        for (var count = 0; FileDescriptor.TryStatus(path) is { Type: FileType.SymbolicLink }; count++)
        {
            if (count == LongestChainOfLinks)
            {
                throw new LinuxException(Errno.ELOOP, "write", Path);
            }

            var slash = path.LastIndexOf('/');
            using var parent = FileDescriptor.Open(slash > 0 ? path[..slash] : "/", OpenFlags.Path | OpenFlags.Directory);
            var link = Encoding.UTF8.GetString(parent.ReadLink(path[(slash + 1)..]).Bytes);
            path = link.StartsWith('/') ? link : $"{path[..slash]}/{link}";
        }

        return path;
    }
}
