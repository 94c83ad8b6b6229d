namespace Sampan.Cli.Commands.Registries;

/// <summary>What is to be pulled.</summary>
/// <param name="Image">Name, tag, digest as the user typed them.</param>
/// <param name="AllTags">Every tag of the repository.</param>
/// <param name="Platform">os/architecture[/variant]; null for the host's.</param>
/// <param name="Quiet">Only the name at the end.</param>
/// <param name="KeyFile">A public key that must have signed it; null where the configuration alone decides.</param>
internal sealed record PullRequest(string Image, bool AllTags, string? Platform, bool Quiet, string? KeyFile);
