namespace Sampan.Cli.Commands.Manifests;

/// <summary>Which manifest list is to be pushed.</summary>
/// <param name="List">The list, as the user typed it.</param>
/// <param name="Purge">Forget it here when it is there.</param>
/// <param name="Insecure">Certificates are not verified, and plain HTTP will do.</param>
internal sealed record PushManifestRequest(string List, bool Purge, bool Insecure);
