using System.Runtime.InteropServices;
using Sampan.Linux;

namespace Sampan.Images.Compression;

/// <summary>Decompresses xz streams, one after another. Memory is bounded by the largest dictionary accepted.</summary>
internal sealed unsafe class XzStream : ReadOnlyStream
{
    // xz -9 asks for 65 MiB to decompress; a header may ask for 4 GiB.
    private const ulong MostMemory = 160 << 20;
    private readonly Stream _source;
    private readonly byte[] _input = new byte[128 << 10];
    private Xz.State* _state;
    private int _start;
    private int _end;
    private bool _ended;

    public XzStream(Stream source)
    {
        _source = source;
        _state = (Xz.State*)NativeMemory.AllocZeroed((nuint)sizeof(Xz.State));
        if (Xz.StartDecoder(_state, MostMemory, Xz.Concatenated) is not Xz.Okay and var result)
        {
            Dispose();
            throw Failure(result);
        }
    }

    /// <summary>The first bytes are those of an xz stream (xz-file-format.txt, 2.1.1.1).</summary>
    public static bool IsStream(ReadOnlySpan<byte> magic) => magic.Length >= 6 && magic[0] == 0xfd && magic[1..].StartsWith("7zXZ\0"u8);

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_state is null, this);
        while (!buffer.IsEmpty && !_ended)
        {
            var last = false;
            if (_start == _end)
            {
                _start = 0;
                _end = _source.Read(_input);
                last = _end == 0;
            }

            fixed (byte* source = _input)
            fixed (byte* destination = buffer)
            {
                _state->NextIn = source + _start;
                _state->AvailableIn = (nuint)(_end - _start);
                _state->NextOut = destination;
                _state->AvailableOut = (nuint)buffer.Length;
                var result = Xz.Code(_state, last ? Xz.Finish : Xz.Run);
                _start = _end - (int)_state->AvailableIn;
                _ended = result == Xz.StreamEnd;
                var count = buffer.Length - (int)_state->AvailableOut;
                if (count > 0)
                {
                    return count;
                }

                if (result is not (Xz.Okay or Xz.StreamEnd))
                {
                    throw Failure(result);
                }
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (_state is not null)
        {
            Xz.End(_state);
            NativeMemory.Free(_state);
            _state = null;
        }

        base.Dispose(disposing);
    }

    private static SampanException Failure(int result) => SampanException.InvalidArgument(result switch
    {
        Xz.MemoryLimit => $"xz: its dictionary takes more than the {MostMemory >> 20} MiB of memory that are given to it",
        Xz.NoProgress => "xz: unexpected end of compressed data",
        _ => "xz: the compressed data is damaged",
    });
}
