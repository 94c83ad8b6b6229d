using System.Runtime.InteropServices;
using Sampan.Linux;

namespace Sampan.Images.Compression;

/// <summary>Decompresses bzip2 streams, one after another, as pbzip2 writes them. Takes 4 MiB at most.</summary>
internal sealed unsafe class Bzip2Stream : ReadOnlyStream
{
    private readonly Stream _source;
    private readonly byte[] _input = new byte[128 << 10];
    private Bzip2.State* _state;
    private int _start;
    private int _end;
    private bool _betweenStreams = true;

    public Bzip2Stream(Stream source)
    {
        _source = source;
        _state = (Bzip2.State*)NativeMemory.AllocZeroed((nuint)sizeof(Bzip2.State));
    }

    /// <summary>The first bytes are those of a bzip2 stream.</summary>
    public static bool IsStream(ReadOnlySpan<byte> magic) => magic.StartsWith("BZh"u8);

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_state is null, this);
        while (!buffer.IsEmpty)
        {
            if (_start == _end)
            {
                _start = 0;
                _end = _source.Read(_input);
                if (_end == 0)
                {
                    return _betweenStreams ? 0 : throw SampanException.InvalidArgument("bzip2: unexpected end of compressed data");
                }
            }

            if (_betweenStreams)
            {
                Begin();
            }

            fixed (byte* source = _input)
            fixed (byte* destination = buffer)
            {
                _state->NextIn = source + _start;
                _state->AvailableIn = (uint)(_end - _start);
                _state->NextOut = destination;
                _state->AvailableOut = (uint)buffer.Length;
                var result = Bzip2.Decompress(_state);
                _start = _end - (int)_state->AvailableIn;
                if (result is not (Bzip2.Okay or Bzip2.StreamEnd))
                {
                    throw SampanException.InvalidArgument("bzip2: the compressed data is damaged");
                }

                var count = buffer.Length - (int)_state->AvailableOut;
                _betweenStreams = result == Bzip2.StreamEnd;
                if (_betweenStreams)
                {
                    End();
                }

                if (count > 0)
                {
                    return count;
                }
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (_state is not null)
        {
            End();
            NativeMemory.Free(_state);
            _state = null;
        }

        base.Dispose(disposing);
    }

    private void Begin()
    {
        *_state = default;
        if (Bzip2.StartDecoder(_state, 0, 0) != Bzip2.Okay)
        {
            throw new LinuxException(Errno.ENOMEM, "start bzip2", "");
        }
    }

    private void End()
    {
        if (_state->Internal != 0)
        {
            _ = Bzip2.End(_state);
            _state->Internal = 0;
        }
    }
}
