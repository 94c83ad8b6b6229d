namespace Sampan.Registries.Configuration;

/// <summary>Another place for what a registry has.</summary>
/// <param name="Location">host[:port][/path] that takes the place of the prefix.</param>
/// <param name="Insecure">Its certificate is not verified, and it may speak plain HTTP.</param>
/// <param name="Digests">It is asked for images by digest.</param>
/// <param name="Tags">It is asked for images by tag.</param>
internal sealed record RegistryMirror(string Location, bool Insecure, bool Digests, bool Tags);
