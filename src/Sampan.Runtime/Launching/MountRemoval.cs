using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>A mount a running container is to lose.</summary>
/// <param name="Path">Its path as the user says it, which may lead through links.</param>
/// <param name="Mount">Register of the number of the mount that is there; -1 where there is none.</param>
/// <param name="Directory">Register that the parent fills: address of the path of the directory it is mounted in.</param>
/// <param name="Name">Register that the parent fills: address of its name in there.</param>
internal sealed record MountRemoval(string Path, PlanRegister Mount, PlanRegister Directory, PlanRegister Name);
