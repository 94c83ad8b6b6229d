using Sampan.Runtime.Checkpoints.Protobuf;

namespace Sampan.Runtime.Checkpoints;

/// <summary>A question to criu (rpc.proto, criu_req).</summary>
/// <param name="Type">What for.</param>
internal sealed record CriuRequest(CriuRequestType Type)
{
    /// <summary>How; null where there is nothing to say.</summary>
    public CriuOptions? Options { get; init; }

    /// <summary>In answer to a notification: whether criu may go on.</summary>
    public bool? NotifySuccess { get; init; }

    /// <summary>Which features are asked after.</summary>
    public CriuFeatures? Features { get; init; }

    /// <summary>As it goes over the socket.</summary>
    /// <returns>One message.</returns>
    public byte[] ToArray()
    {
        var writer = new ProtobufWriter();
        writer.WriteNumber(1, (int)Type);
        if (Options is { } options)
        {
            writer.WriteMessage(2, options.Write);
        }

        if (NotifySuccess is { } success)
        {
            writer.WriteBoolean(3, success);
        }

        if (Features is { } features)
        {
            writer.WriteMessage(5, features.Write);
        }

        return writer.ToArray();
    }
}
