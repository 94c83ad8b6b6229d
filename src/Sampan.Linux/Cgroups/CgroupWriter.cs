using Sampan.Linux.Files;

namespace Sampan.Linux.Cgroups;

/// <summary>Writes a group's control files. The last one stays open: a list of device rules is a dozen writes to two files.</summary>
/// <param name="directory">The group's directory.</param>
internal sealed class CgroupWriter(string directory) : IDisposable
{
    private FileDescriptor? _file;
    private string? _name;

    /// <summary>Writes one value.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="value">The text, ASCII.</param>
    /// <returns>None, or why not: ENOENT when the kernel has no such file.</returns>
    public Errno TryWrite(string name, string value)
    {
        if (name != _name)
        {
            Dispose();
            _file = CgroupFile.TryOpen($"{directory}/{name}", out var errno);
            if (_file is null)
            {
                return errno;
            }

            _name = name;
        }

        return CgroupFile.TryWrite(_file!, value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        _name = null;
    }
}
