namespace Sampan.EndToEnd.Harness;

/// <summary>A small file system of its own, which can be filled up.</summary>
public sealed class Disk : IDisposable
{
    private readonly string _filler;

    /// <summary>Mounts it.</summary>
    /// <param name="path">Where; made when it is missing.</param>
    /// <param name="size">As "24m".</param>
    public Disk(string path, string size)
    {
        Path = path;
        _filler = System.IO.Path.Combine(path, ".filler");
        Host.Shell("mkdir -p \"$1\"; mount -t tmpfs -o \"size=$2\" tmpfs \"$1\"", path, size);
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Bytes in use, without the filler's.</summary>
    public long Used => Number("$(df -B1 --output=used \"$1\" | tail -1) - $(stat -c '%b * %B' \"$2\" 2>/dev/null || echo 0)");

    /// <summary>Fills it up to a number of bytes.</summary>
    /// <param name="left">Bytes that stay free; whole pages.</param>
    public void Fill(long left)
    {
        Empty();
        if (left == 0)
        {
            // Others may be writing meanwhile: until nothing fits any more.
            Host.Shell("cat /dev/zero > \"$1\" 2>/dev/null || true", _filler);
            return;
        }

        var free = Number("$(df -B1 --output=avail \"$1\" | tail -1)");
        if (free > left)
        {
            Host.Shell("fallocate -l \"$2\" \"$1\"", _filler, (free - left).ToString());
        }
    }

    /// <summary>Takes the filler away.</summary>
    public void Empty() => File.Delete(_filler);

    /// <inheritdoc/>
    public void Dispose() => Host.Shell("umount \"$1\" || umount -l \"$1\"; rmdir \"$1\"", Path);

    private long Number(string expression) => long.Parse(Host.Shell($"echo $(({expression}))", Path, _filler));
}
