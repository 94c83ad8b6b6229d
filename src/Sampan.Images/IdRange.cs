namespace Sampan.Images;

/// <summary>Consecutive ids that become others.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Becomes">What the first becomes; the others follow.</param>
/// <param name="Count">How many.</param>
public readonly record struct IdRange(uint First, uint Becomes, uint Count);
