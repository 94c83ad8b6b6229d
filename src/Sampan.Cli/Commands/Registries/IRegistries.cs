using Sampan.Cli.Commands.Manifests;

namespace Sampan.Cli.Commands.Registries;

/// <summary>
/// What commands do with registries. It lives in an executable of its own, sampan-registry: linking HTTP and TLS would more than double the
/// time every start of sampan takes.
/// </summary>
internal interface IRegistries
{
    /// <summary>Brings images from a registry into the store.</summary>
    /// <param name="session">Output, paths.</param>
    /// <param name="request">Which.</param>
    /// <returns>The exit code.</returns>
    public int Pull(Session session, PullRequest request);

    /// <summary>Brings one image from a registry into the store, for a container that is to be made of it.</summary>
    /// <param name="session">Output, paths.</param>
    /// <param name="image">Name, tag, digest as the user typed them.</param>
    /// <param name="platform">os/architecture[/variant]; null for the host's.</param>
    /// <param name="quiet">Say nothing.</param>
    public void Fetch(Session session, string image, string? platform, bool quiet);

    /// <summary>Brings images from the store into a registry.</summary>
    /// <param name="session">Output, paths.</param>
    /// <param name="request">Which.</param>
    /// <returns>The exit code.</returns>
    public int Push(Session session, PushRequest request);

    /// <summary>Keeps a login, if the registry accepts it.</summary>
    /// <param name="session">Output.</param>
    /// <param name="request">Whose.</param>
    /// <returns>The exit code.</returns>
    public int Login(Session session, LoginRequest request);

    /// <summary>Forgets a login.</summary>
    /// <param name="session">Output.</param>
    /// <param name="registry">host[:port]; empty for Docker Hub.</param>
    /// <returns>The exit code.</returns>
    public int Logout(Session session, string registry);

    /// <summary>Looks for repositories.</summary>
    /// <param name="session">Output.</param>
    /// <param name="term">Word, or registry/word.</param>
    /// <param name="limit">Most results.</param>
    /// <returns>What was found.</returns>
    public IReadOnlyList<SearchRow> Search(Session session, string term, int limit);

    /// <summary>Says what an image of a manifest list is for.</summary>
    /// <param name="request">Which, and what.</param>
    public void AnnotateManifest(AnnotateManifestRequest request);

    /// <summary>Begins a manifest list, or amends it. No registry has it before it is pushed.</summary>
    /// <param name="session">Output.</param>
    /// <param name="request">Which images.</param>
    public void CreateManifest(Session session, CreateManifestRequest request);

    /// <summary>Shows the manifest of an image, or a manifest list: one that is not pushed yet, or else what a registry has.</summary>
    /// <param name="session">Output.</param>
    /// <param name="request">Which.</param>
    public void InspectManifest(Session session, InspectManifestRequest request);

    /// <summary>Brings a manifest list into a registry.</summary>
    /// <param name="session">Output.</param>
    /// <param name="request">Which.</param>
    public void PushManifest(Session session, PushManifestRequest request);

    /// <summary>Forgets a manifest list; registries keep what they have.</summary>
    /// <param name="list">The list, as the user typed it.</param>
    public void RemoveManifest(string list);
}
