namespace Sampan.Linux.Cgroups;

/// <summary>What control files said before they were written, for the case that not all of them can be.</summary>
internal sealed class FormerValues
{
    private readonly List<(string Path, string Value)> _values = [];

    /// <summary>Notes what a directory's files say. Files of several lines say more than a write could put back, and are left out.</summary>
    /// <param name="directory">The group's directory.</param>
    /// <param name="settings">What will be written.</param>
    public void Note(string directory, ReadOnlySpan<CgroupSetting> settings)
    {
        foreach (var setting in settings)
        {
            var isLine = !setting.Value.Contains(' ', StringComparison.Ordinal) || setting.File == "cpu.max";
            if (isLine && TryRead(directory + "/" + setting.File) is { Length: > 0 } value && !value.Contains('\n', StringComparison.Ordinal))
            {
                _values.Add((directory + "/" + setting.File, value));
            }
        }
    }

    private static string? TryRead(string path)
    {
        try
        {
            return CgroupFile.TryRead(path);
        }
        catch (LinuxException error) when (error.Errno == Errno.EINVAL)
        {
            // A file that can only be written (devices.allow, memory.reclaim) has no former value.
            return null;
        }
    }

    /// <summary>
    /// Puts the values back. Two rounds, backwards and forwards, are an order for limits that bound each other; what is refused in both
    /// stays, and the caller's error is about why it came to that.
    /// </summary>
    public void Restore()
    {
        for (var index = _values.Count - 1; index >= 0; index--)
        {
            _ = CgroupFile.TryWrite(_values[index].Path, _values[index].Value);
        }

        foreach (var (path, value) in _values)
        {
            _ = CgroupFile.TryWrite(path, value);
        }
    }
}
