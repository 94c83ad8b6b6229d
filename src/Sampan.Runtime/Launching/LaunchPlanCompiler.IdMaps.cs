using Sampan.Linux;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class LaunchPlanCompiler
{
    private readonly Dictionary<string, PlanRegister> _idMaps = new(StringComparer.Ordinal);

    /// <summary>The user namespace whose mappings a mount takes; one is made for each different set of mappings.</summary>
    /// <returns>Its register; null when the mount is not id-mapped.</returns>
    private PlanRegister? IdMapOf(RuntimeMount mount, MountOptions options)
    {
        var users = mount.UidMappings;
        var groups = mount.GidMappings;
        if (users is not { Count: > 0 } && groups is not { Count: > 0 })
        {
            if (!options.IdMapped)
            {
                return null;
            }

            if (_joined.TryGetValue("user", out var joined))
            {
                return joined;
            }

            // config.md, "Mounts": the container's own mappings stand in for those that the mount does not give.
            users = _linux.UidMappings;
            groups = _linux.GidMappings;
            if (!_namespaces.Creates("user"))
            {
                throw SampanException.InvalidArgument(
                    $"mount {mount.Destination}: idmap without uidMappings and gidMappings needs a user namespace: give either");
            }
        }

        if (users is not { Count: > 0 } || groups is not { Count: > 0 })
        {
            throw SampanException.InvalidArgument($"mount {mount.Destination}: id-mapped mounts must have both uid and gid mappings specified");
        }

        if (_request.Unprivileged)
        {
            throw SampanException.Unavailable($"mount {mount.Destination}: id-mapped mounts take the rights of the file system's owner, which is not this user: leave idmap out");
        }

        return UserNamespaceOf(new(users, groups));
    }

    private PlanRegister UserNamespaceOf(OwnerMapping owners)
    {
        var key = $"{IdMappings.Lines(owners.Users)}\n{IdMappings.Lines(owners.Groups)}";
        if (!_idMaps.TryGetValue(key, out var register))
        {
            register = MappingNamespace.AddStep(_plan, owners);
            _idMaps.Add(key, register);
        }

        return register;
    }

    /// <summary>Only a mount that nobody can see yet can be id-mapped (mount_setattr(2)).</summary>
    private void MapIds(PlanRegister tree, RuntimeMount mount, MountOptions options, PlanRegister? idMap)
    {
        if (idMap is not { } userNamespace)
        {
            return;
        }

        var flags = MountFlags.AtEmptyPath | (options.IdMappedRecursive ? MountFlags.AtRecursive : 0);
        _plan.Macro(PlanOperation.MapMountIds, "mount_setattr", $"{mount.Destination} idmap", "its files' owners are mapped", tree, userNamespace, flags);
    }
}
