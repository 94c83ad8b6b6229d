namespace Sampan.Runtime.Checkpoints;

/// <summary>What criu is asked for or answers to (criu's rpc.proto, criu_req_type).</summary>
internal enum CriuRequestType
{
    /// <summary>Nothing; what an answer without a type would be.</summary>
    Empty = 0,

    /// <summary>Write processes to images.</summary>
    Dump = 1,

    /// <summary>Make processes of images.</summary>
    Restore = 2,

    /// <summary>Write memory only; the processes go on.</summary>
    PreDump = 4,

    /// <summary>criu tells where it is and waits for a word.</summary>
    Notify = 6,

    /// <summary>Which features criu and the kernel have.</summary>
    FeatureCheck = 9,
}
