using Sampan.Linux.Files;

namespace Sampan.Images;

/// <summary>A line of docker diff.</summary>
/// <param name="Kind">A added, C changed, D deleted.</param>
/// <param name="Path">Absolute path in the container, in its bytes.</param>
public readonly record struct TreeChange(char Kind, FileName Path);
