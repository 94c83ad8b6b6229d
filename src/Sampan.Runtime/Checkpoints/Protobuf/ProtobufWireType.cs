namespace Sampan.Runtime.Checkpoints.Protobuf;

/// <summary>How a field's value is laid out (protobuf.dev, "Encoding", "Message Structure"). Groups are of the past and are refused.</summary>
internal enum ProtobufWireType
{
    /// <summary>Seven bits a byte, the least significant first.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A varint that says how many bytes follow: text, bytes, a message.</summary>
    Delimited = 2,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}
