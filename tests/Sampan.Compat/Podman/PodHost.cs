namespace Sampan.Compat.Podman;

/// <summary>
/// podman for pods, whose infra container asks for limits that a confined host cannot give; the runtime's errors reach it as plain lines.
/// </summary>
public sealed class PodHost() : PodmanHost(confined: true);
