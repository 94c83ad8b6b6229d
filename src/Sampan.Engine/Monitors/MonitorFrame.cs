using System.Buffers.Binary;
using Sampan.Linux;

namespace Sampan.Engine.Monitors;

/// <summary>A frame as received; its payload is valid until the connection receives again.</summary>
/// <param name="type">Type.</param>
/// <param name="payload">Payload.</param>
public readonly ref struct MonitorFrame(FrameType type, ReadOnlySpan<byte> payload)
{
    /// <summary>Bytes of a header.</summary>
    public const int HeaderLength = 8;

    /// <summary>Longest payload.</summary>
    public const int MaximumPayload = 64 << 10;

    /// <summary>What it is.</summary>
    public FrameType Type { get; } = type;

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>The number in a <see cref="FrameType.Started"/> (pid) or <see cref="FrameType.Exited"/> (exit code) frame.</summary>
    public int Number => BinaryPrimitives.ReadInt32BigEndian(Payload);

    /// <summary>The exception an <see cref="FrameType.Error"/> frame stands for.</summary>
    /// <returns>What to throw.</returns>
    public SampanException ToException() => EngineJson.MonitorError.Parse(Payload).ToException();

    /// <summary>Writes a header.</summary>
    /// <param name="header">Eight bytes.</param>
    /// <param name="type">Type.</param>
    /// <param name="length">Length of the payload.</param>
    internal static void WriteHeader(Span<byte> header, FrameType type, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(header, (uint)type << 24);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], length);
    }
}
