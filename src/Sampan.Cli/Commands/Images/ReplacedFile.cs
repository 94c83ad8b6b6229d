using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands.Images;

/// <summary>A file of the user written aside and put in its place by rename(2) once it is whole.</summary>
internal sealed class ReplacedFile : IDisposable
{
    private readonly string _path;
    private readonly string? _aside;

    /// <summary>Begins a file. What is no regular file (a pipe, /dev/stdout) is written directly.</summary>
    /// <param name="path">Where it is to be.</param>
    /// <exception cref="LinuxException">The directory cannot be written.</exception>
    public ReplacedFile(string path)
    {
        _path = path;
        if (FileDescriptor.TryStatus(path) is { Type: not FileType.Regular })
        {
            Descriptor = FileDescriptor.Open(path, OpenFlags.WriteOnly);
            return;
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(directory))
        {
            throw SampanException.InvalidArgument($"invalid output path: directory \"{directory}\" does not exist");
        }

        _aside = $"{path}.{Environment.ProcessId}.tmp";
        Descriptor = FileDescriptor.Open(_aside, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow, 0x180);
    }

    /// <summary>What to write to.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The file is whole: puts it in its place.</summary>
    public void Commit()
    {
        if (_aside is not null)
        {
            File.Move(_aside, _path, overwrite: true);
        }
    }

    /// <summary>Takes a file that is not whole away.</summary>
    public void Dispose()
    {
        Descriptor.Dispose();
        if (_aside is not null)
        {
            File.Delete(_aside);
        }
    }
}
