using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>Who owns files where they are seen through a mount with other ids (mount_setattr(2), "ID-mapped mounts").</summary>
/// <param name="Users">Owners on the disk (container's side) and who they are seen as (host's side).</param>
/// <param name="Groups">The same for groups.</param>
public sealed record OwnerMapping(IReadOnlyList<RuntimeIdMapping> Users, IReadOnlyList<RuntimeIdMapping> Groups);
