namespace Sampan.Runtime.Launching;

/// <summary>The plan of a change to a running container.</summary>
/// <param name="Launch">The plan.</param>
/// <param name="Removals">Mounts it is to lose.</param>
internal sealed record CompiledChange(CompiledLaunch Launch, IReadOnlyList<MountRemoval> Removals);
