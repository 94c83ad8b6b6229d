namespace Sampan.Images;

/// <summary>A container that uses an image.</summary>
/// <param name="ContainerId">Its id.</param>
/// <param name="Running">Whether it runs.</param>
public sealed record ImageUser(string ContainerId, bool Running);
