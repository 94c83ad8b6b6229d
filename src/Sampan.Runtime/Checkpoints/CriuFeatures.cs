using Sampan.Runtime.Checkpoints.Protobuf;

namespace Sampan.Runtime.Checkpoints;

/// <summary>Features that are asked for, or are there (rpc.proto, criu_features).</summary>
/// <param name="MemoryTracking">Changed pages can be told from others: what --pre-dump rests on.</param>
/// <param name="LazyPages">Pages can be fetched when they are used (userfaultfd(2)).</param>
internal sealed record CriuFeatures(bool MemoryTracking, bool LazyPages)
{
    public void Write(ProtobufWriter writer)
    {
        if (MemoryTracking)
        {
            writer.WriteBoolean(1, true);
        }

        if (LazyPages)
        {
            writer.WriteBoolean(2, true);
        }
    }

    public static CriuFeatures Parse(ReadOnlySpan<byte> message)
    {
        var (memory, lazy) = (false, false);
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    memory = reader.ReadNumber() != 0;
                    break;
                case 2:
                    lazy = reader.ReadNumber() != 0;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new(memory, lazy);
    }
}
