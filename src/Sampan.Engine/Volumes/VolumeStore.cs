using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Volumes;

/// <summary>The volumes on disk.</summary>
/// <param name="paths">Where.</param>
/// <param name="containers">Who may use them.</param>
public sealed class VolumeStore(EnginePaths paths, ContainerStore containers)
{
    /// <summary>Makes a volume; one of that name that is there already is returned as it is.</summary>
    /// <param name="request">What is asked for.</param>
    /// <returns>The volume.</returns>
    /// <exception cref="SampanException">InvalidArgument: the name has characters a volume's name cannot have. NotFound: no such driver.</exception>
    public Volume Create(VolumeCreateRequest request) => throw new NotSupportedException(request.Name + paths);

    /// <summary>Finds a volume by its full name.</summary>
    /// <param name="name">Name.</param>
    /// <returns>The volume.</returns>
    /// <exception cref="SampanException">NotFound: there is none.</exception>
    public Volume Find(string name) => TryFind(name) ?? throw SampanException.NotFound($"get {name}: no such volume");

    /// <summary>The same, or null when there is none.</summary>
    /// <inheritdoc cref="Find"/>
    public Volume? TryFind(string name) => throw new NotSupportedException(name);

    /// <summary>All volumes, by name.</summary>
    /// <returns>Volumes.</returns>
    public IReadOnlyList<Volume> List() => throw new NotSupportedException();

    /// <summary>The containers that use a volume, running or not.</summary>
    /// <param name="name">Name of the volume.</param>
    /// <returns>Containers.</returns>
    public IReadOnlyList<Container> UsersOf(string name) => throw new NotSupportedException(name + containers.List());

    /// <summary>Removes a volume and its content.</summary>
    /// <param name="name">Name.</param>
    /// <param name="force">A volume that is not there is no error.</param>
    /// <exception cref="SampanException">NotFound: there is none. Conflict: a container uses it.</exception>
    public void Remove(string name, bool force = false) => throw new NotSupportedException(name + force);
}
