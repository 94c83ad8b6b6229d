namespace Sampan.Runtime.Checkpoints;

/// <summary>What criu does about control groups (rpc.proto, criu_cg_mode).</summary>
public enum CriuCgroupMode
{
    /// <summary>Nothing.</summary>
    Ignore = 0,

    /// <summary>Properties are restored in groups criu made.</summary>
    Soft = 3,

    /// <summary>Always, also in groups that are there.</summary>
    Full = 4,

    /// <summary>An error where groups are there.</summary>
    Strict = 5,
}
