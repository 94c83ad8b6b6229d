namespace Sampan.Images;

/// <summary>Who owns what a copy makes.</summary>
/// <param name="KeepIds">The user and group numbers of the source; else <paramref name="UserId"/> and <paramref name="GroupId"/>.</param>
/// <param name="UserId">User id where they are not kept; null is whoever copies.</param>
/// <param name="GroupId">Group id where they are not kept; null is whoever copies.</param>
public readonly record struct CopyOwner(bool KeepIds, uint? UserId = null, uint? GroupId = null)
{
    /// <summary>The source's numbers.</summary>
    public static CopyOwner Kept => new(true);

    /// <summary>Whoever copies.</summary>
    public static CopyOwner Caller => new(false);
}
