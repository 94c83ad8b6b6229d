namespace Sampan.Cli.Commands.Registries;

/// <summary>What is to be pushed.</summary>
/// <param name="Image">Name and tag as the user typed them.</param>
/// <param name="AllTags">Every tag of the repository that the store has.</param>
/// <param name="Quiet">Only the name at the end.</param>
internal sealed record PushRequest(string Image, bool AllTags, bool Quiet);
