using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;

namespace Sampan.Engine.Logs;

/// <summary>
/// Docker's json-file log: a JSON object a line, {"log":"…\n","stream":"stdout","time":"…"}. Lines that arrive in one read have one time.
/// A full disk loses lines, never the container: what cannot be written is dropped whole.
/// </summary>
internal sealed class JsonLogWriter : ILogWriter
{
    private const int BufferLength = 160 << 10;
    private readonly string _path;
    private readonly LogLimits _limits;
    private readonly LogClock _clock = new();
    private readonly LineAssembler _stdout = new();
    private readonly LineAssembler _stderr = new();
    private readonly byte[] _suffix = new byte[80];
    private readonly AnonymousMemory _buffer = new(BufferLength);
    private int _suffixLength;
    private int _pending;
    private FileDescriptor _file;
    private long _size;

    /// <summary>Opens the log, appending to what an earlier run wrote.</summary>
    /// <exception cref="LinuxException">open(2) failed.</exception>
    public JsonLogWriter(string path, LogLimits limits)
    {
        _path = path;
        _limits = limits;
        _file = Open(path);
        _size = _file.Status().Size;
    }

    public void Append(LogStream stream, ReadOnlySpan<byte> bytes)
    {
        PrepareSuffix(stream);
        var line = stream == LogStream.Stdout ? _stdout : _stderr;
        while (!bytes.IsEmpty)
        {
            var newline = bytes.IndexOf((byte)'\n');
            if (line.IsEmpty && newline >= 0)
            {
                // The usual case: a whole line, taken where it lies.
                var piece = LineAssembler.PieceLength(bytes[..newline]);
                Write(bytes[..piece], endsLine: piece == newline);
                bytes = bytes[(piece == newline ? piece + 1 : piece)..];
                continue;
            }

            bytes = bytes[Assemble(line, bytes, newline)..];
        }
    }

    public void Flush()
    {
        if (_pending == 0)
        {
            return;
        }

        var rest = _buffer.Span[.._pending];
        _pending = 0;
        while (!rest.IsEmpty)
        {
            var written = _file.TryWrite(rest);
            if (written < 0)
            {
                // ENOSPC, EDQUOT, EIO: a torn line would make the file unreadable.
                _file.SetLength(_size);
                return;
            }

            rest = rest[written..];
            if (rest.IsEmpty)
            {
                _size = _file.Seek(0, SeekOrigin.Current);
            }
        }
    }

    public void Finish()
    {
        FinishLine(LogStream.Stdout, _stdout);
        FinishLine(LogStream.Stderr, _stderr);
        Flush();
    }

    public void Trim()
    {
        if (_pending == 0)
        {
            _buffer.Discard();
        }

        _stdout.Trim();
        _stderr.Trim();
    }

    public void Dispose()
    {
        _file.Dispose();
        _buffer.Dispose();
    }

    // Appending is asked of the kernel, so that cutting a torn line off leaves no hole before the next.
    private static FileDescriptor Open(string path) =>
        FileDescriptor.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append | OpenFlags.NoFollow, 0x1A0);

    private int Assemble(LineAssembler line, ReadOnlySpan<byte> bytes, int newline)
    {
        var part = newline < 0 ? bytes : bytes[..newline];
        var taken = line.Add(part);
        if (taken == part.Length && newline >= 0 && line.Content.Length <= LineAssembler.MaximumPiece)
        {
            Write(line.Content, endsLine: true);
            line.Drop(line.Content.Length);
            return taken + 1;
        }

        if (line.Content.Length > LineAssembler.MaximumPiece)
        {
            var piece = LineAssembler.PieceLength(line.Content);
            Write(line.Content[..piece], endsLine: false);
            line.Drop(piece);
        }

        return taken;
    }

    private void FinishLine(LogStream stream, LineAssembler line)
    {
        if (!line.IsEmpty)
        {
            PrepareSuffix(stream);
            Write(line.Content, endsLine: false);
            line.Drop(line.Content.Length);
        }
    }

    private void PrepareSuffix(LogStream stream)
    {
        var target = _suffix.AsSpan();
        var head = stream == LogStream.Stdout ? "\",\"stream\":\"stdout\",\"time\":\""u8 : "\",\"stream\":\"stderr\",\"time\":\""u8;
        head.CopyTo(target);
        var time = _clock.Now();
        time.CopyTo(target[head.Length..]);
        "\"}\n"u8.CopyTo(target[(head.Length + time.Length)..]);
        _suffixLength = head.Length + time.Length + 3;
    }

    private void Write(ReadOnlySpan<byte> text, bool endsLine)
    {
        if (BufferLength - _pending < (text.Length * JsonText.MaximumExpansion) + _suffix.Length + 16)
        {
            Flush();
        }

        var buffer = _buffer.Span;
        var start = _pending;
        var position = start;
        "{\"log\":\""u8.CopyTo(buffer[position..]);
        position += 8;
        position += JsonText.Escape(text, buffer[position..]);
        if (endsLine)
        {
            buffer[position++] = (byte)'\\';
            buffer[position++] = (byte)'n';
        }

        _suffix.AsSpan(0, _suffixLength).CopyTo(buffer[position..]);
        position += _suffixLength;
        if (_size + position > _limits.MaximumSize && _size + start > 0)
        {
            Flush();
            Rotate();
            buffer[start..position].CopyTo(buffer);
            position -= start;
        }

        _pending = position;
    }

    /// <summary>
    /// Moves the files up by one and begins a new one. A file is never written again once it was renamed, so a reader that knows it by its
    /// inode can read it to its end.
    /// </summary>
    private void Rotate()
    {
        try
        {
            for (var number = _limits.MaximumFiles - 1; number > 0; number--)
            {
                var from = number == 1 ? _path : LogFiles.Rotated(_path, number - 1);
                if (Entries.Exists(from))
                {
                    Entries.Rename(from, LogFiles.Rotated(_path, number));
                }
            }

            if (_limits.MaximumFiles == 1)
            {
                Entries.RemoveFile(_path);
            }

            var next = Open(_path);
            _file.Dispose();
            _file = next;
            _size = next.Status().Size;
        }
        catch (LinuxException)
        {
            // No room for another name or file: the old one, wherever it is now, goes on beyond its limit rather than a line be lost.
            _size = 0;
        }
    }
}
