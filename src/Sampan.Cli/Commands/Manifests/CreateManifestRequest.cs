namespace Sampan.Cli.Commands.Manifests;

/// <summary>Which images a manifest list is to have.</summary>
/// <param name="List">The list, as the user typed it.</param>
/// <param name="Images">The images, as the user typed them.</param>
/// <param name="Amend">They may join those of a list that is there.</param>
/// <param name="Insecure">Certificates are not verified, and plain HTTP will do.</param>
internal sealed record CreateManifestRequest(string List, IReadOnlyList<string> Images, bool Amend, bool Insecure);
