using Sampan.Runtime.Checkpoints.Protobuf;

namespace Sampan.Runtime.Checkpoints;

/// <summary>An answer of criu (rpc.proto, criu_resp).</summary>
/// <param name="Type">To what.</param>
/// <param name="Success">Whether it was done.</param>
internal sealed record CriuResponse(CriuRequestType Type, bool Success)
{
    /// <summary>Where criu is, such as post-restore; empty where it is no notification.</summary>
    public string Script { get; init; } = "";

    /// <summary>The process a notification speaks of, or the one that was restored.</summary>
    public int Pid { get; init; }

    /// <summary>Why not; 0 when criu does not say.</summary>
    public int Errno { get; init; }

    /// <summary>The first error criu met; null when it does not say.</summary>
    public string? Message { get; init; }

    /// <summary>What is there of the features that were asked after.</summary>
    public CriuFeatures? Features { get; init; }

    /// <summary>Parses a message; fields it does not know are passed over.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="Linux.SampanException"><see cref="Linux.ErrorKind.Internal"/>: it is damaged.</exception>
    public static CriuResponse Parse(ReadOnlySpan<byte> message)
    {
        var response = new CriuResponse(CriuRequestType.Empty, false);
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            switch (field)
            {
                case 1:
                    response = response with { Type = (CriuRequestType)reader.ReadNumber() };
                    break;
                case 2:
                    response = response with { Success = reader.ReadNumber() != 0 };
                    break;
                case 4:
                    response = response with { Pid = ParsePid(reader.ReadBytes(), 1, out _) };
                    break;
                case 5:
                    response = response with { Pid = ParsePid(reader.ReadBytes(), 2, out var script), Script = script };
                    break;
                case 7:
                    response = response with { Errno = (int)reader.ReadNumber() };
                    break;
                case 8:
                    response = response with { Features = CriuFeatures.Parse(reader.ReadBytes()) };
                    break;
                case 9:
                    response = response with { Message = reader.ReadText() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return response;
    }

    // criu_restore_resp has the pid as field 1, criu_notify the script as 1 and the pid as 2.
    private static int ParsePid(ReadOnlySpan<byte> message, int pidField, out string script)
    {
        var pid = 0;
        script = "";
        var reader = new ProtobufReader(message);
        while (reader.Next(out var field))
        {
            if (field == pidField)
            {
                pid = (int)reader.ReadNumber();
            }
            else if (field == 1)
            {
                script = reader.ReadText();
            }
            else
            {
                reader.Skip();
            }
        }

        return pid;
    }
}
