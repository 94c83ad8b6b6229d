using Sampan.Linux;

namespace Sampan.Engine.Containers;

/// <summary>The containers on disk.</summary>
/// <param name="paths">Where.</param>
public sealed class ContainerStore(EnginePaths paths)
{
    /// <summary>Finds a container by full id, name (with or without docker's leading slash) or id prefix, in this order.</summary>
    /// <param name="nameOrIdPrefix">What the user typed.</param>
    /// <returns>The container.</returns>
    /// <exception cref="SampanException">NotFound: there is none. InvalidArgument: more than one id begins so.</exception>
    public Container Find(string nameOrIdPrefix) =>
        TryFind(nameOrIdPrefix) ?? throw SampanException.NotFound($"No such container: {nameOrIdPrefix}");

    /// <summary>The same, or null when there is none.</summary>
    /// <inheritdoc cref="Find"/>
    public Container? TryFind(string nameOrIdPrefix) => throw new NotSupportedException(paths.Root + nameOrIdPrefix);

    /// <summary>All containers, the newest first. Closes off those whose monitor died and collects what a crash left half-made or half-removed.</summary>
    /// <returns>Containers; their state is read when asked for.</returns>
    public IReadOnlyList<Container> List() => throw new NotSupportedException();
}
