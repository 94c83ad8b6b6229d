namespace Sampan.Engine.Files;

/// <summary>How docker cp copies.</summary>
/// <param name="FollowLink">A link named as the source is followed (-L).</param>
/// <param name="KeepOwner">Owners are those of the source (-a).</param>
public readonly record struct CopyOptions(bool FollowLink, bool KeepOwner);
