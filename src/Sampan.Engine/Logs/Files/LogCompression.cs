using System.IO.Compression;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Logs;

/// <summary>
/// Packs a file that was rotated away, a little at a time. The packed file takes its name when it is whole, and only then the plain one
/// goes: a reader finds one of them at any moment, and so does who comes after a crash.
/// </summary>
internal sealed class LogCompression : IDisposable
{
    private const int ChunkLength = 16 << 10;
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileDescriptor _source;
    private readonly GZipStream _target;
    private bool _finished;

    private LogCompression(string path, FileDescriptor source)
    {
        _path = path;
        _source = source;
        _temporary = path + LogFiles.Packed + ".new";
        var target = FileDescriptor.Open(_temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow, 0x1A0);
        target.WriteAll(LogFileIdentity.Of(source).Header());
        _target = new GZipStream(new DescriptorStream(target, owned: true), CompressionLevel.Fastest);
    }

    /// <summary>Begins, where there is a file and room.</summary>
    /// <param name="path">The plain file.</param>
    /// <returns>Null when there is nothing to pack.</returns>
    public static LogCompression? TryBegin(string path)
    {
        FileDescriptor? source = null;
        try
        {
            source = FileDescriptor.TryOpenRegular(path, OpenFlags.ReadOnly, 0, out _);
            return source is null ? null : new LogCompression(path, source);
        }
        catch (LinuxException)
        {
            // A full disk: the file stays as it is.
            source?.Dispose();
            return null;
        }
    }

    /// <summary>Packs some more.</summary>
    /// <param name="bytes">At least so many bytes of the plain file.</param>
    /// <returns>True when there is nothing left to do.</returns>
    public bool Advance(int bytes)
    {
        Span<byte> chunk = stackalloc byte[ChunkLength];
        try
        {
            while (bytes > 0)
            {
                var count = _source.Read(chunk);
                if (count == 0)
                {
                    Publish();
                    return true;
                }

                _target.Write(chunk[..count]);
                bytes -= count;
            }

            return false;
        }
        catch (LinuxException)
        {
            // No room to pack it: the plain file stays, and is read as well.
            return true;
        }
    }

    /// <summary>Leaves the plain file where it is, unless it was packed to its end.</summary>
    public void Dispose()
    {
        if (!_finished)
        {
            Abandon();
        }

        _source.Dispose();
    }

    private void Publish()
    {
        _target.Dispose();
        _finished = true;
        Entries.Rename(_temporary, _path + LogFiles.Packed);
        Entries.RemoveFile(_path);
    }

    private void Abandon()
    {
        try
        {
            _target.Dispose();
        }
        catch (LinuxException)
        {
            // What the full disk does not take is thrown away anyway.
        }

        Entries.RemoveFile(_temporary);
    }
}
