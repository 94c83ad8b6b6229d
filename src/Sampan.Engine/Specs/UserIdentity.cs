namespace Sampan.Engine.Specs;

/// <summary>Who a container's process is.</summary>
/// <param name="Uid">User.</param>
/// <param name="Gid">Primary group.</param>
/// <param name="Groups">Supplementary groups, the primary one first (CVE-2022-36109: without it setgroups would drop it).</param>
/// <param name="Home">Home directory; "/" for one without an entry.</param>
public sealed record UserIdentity(uint Uid, uint Gid, IReadOnlyList<uint> Groups, string Home);
