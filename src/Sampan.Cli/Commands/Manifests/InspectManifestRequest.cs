namespace Sampan.Cli.Commands.Manifests;

/// <summary>What is to be shown.</summary>
/// <param name="List">The list that the image is in, as the user typed it; null where it is in none, or a list itself.</param>
/// <param name="Image">The image, or a list, as the user typed it.</param>
/// <param name="Verbose">With its descriptor.</param>
/// <param name="Insecure">Certificates are not verified, and plain HTTP will do.</param>
internal sealed record InspectManifestRequest(string? List, string Image, bool Verbose, bool Insecure);
