using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Checkpoints;

/// <summary>Makes the places a container's mounts need in a root filesystem that may be younger than the checkpoint.</summary>
/// <param name="plan">Where the steps go.</param>
internal sealed class MountPlaces(PlanBuilder plan)
{
    private static readonly nint OpenPathDirectory = 0x20_0000 | 0x8_0000 | Sampan.Linux.Files.OpenFlagBits.ToKernel(Sampan.Linux.Files.OpenFlags.Directory);

    /// <summary>Makes them, and mounts what is bound: one mount may hold the place of another.</summary>
    /// <param name="root">The root filesystem.</param>
    /// <param name="mounts">Its mounts in order.</param>
    public void Make(string root, IReadOnlyList<RuntimeMount> mounts)
    {
        var nothing = plan.Arena.Text("");
        var beneath = plan.Call(
            SystemCall.OpenAt, "openat", root, "every path of the container is resolved beneath this descriptor",
            MountFlags.AtFdCwd, plan.Arena.Text(root), OpenPathDirectory).ToRegister();
        foreach (var mount in mounts)
        {
            var options = MountOptions.Parse(mount.Options);
            if (options.Remount || IsInFilesystem(mount, mounts))
            {
                continue;
            }

            if (!ExternalMounts.IsBind(mount))
            {
                Close(Place(beneath, mount.Destination, -1));
                continue;
            }

            var tree = plan.Call(
                SystemCall.OpenTree, "open_tree", mount.Source!, $"what will be mounted on {mount.Destination}",
                MountFlags.AtFdCwd, plan.Arena.Text(mount.Source!),
                MountFlags.OpenTreeClone | MountFlags.OpenTreeCloseOnExec | (options.BindRecursive ? MountFlags.AtRecursive : 0)).ToRegister();
            var place = Place(beneath, mount.Destination, tree);
            plan.Call(
                SystemCall.MoveMount, "move_mount", mount.Destination, "it may hold places of others",
                tree, nothing, place, nothing, MountFlags.MoveMountFromEmptyPath | MountFlags.MoveMountToEmptyPath);
            Close(place);
            Close(tree);
        }

        Close(beneath);
    }

    private PlanRegister Place(PlanRegister root, string path, PlanValue kindOf) => plan.Macro(
        PlanOperation.MakeMountpoint, "openat2", path, "find or make the place, beneath the container's root", root, plan.Arena.Text(path), kindOf, 0).ToRegister();

    private void Close(PlanRegister descriptor) => plan.Call(SystemCall.Close, "close", "descriptor", "no longer needed", descriptor);

    // In a tmpfs criu restores what was there, and what proc, sysfs and the others have comes with them.
    private static bool IsInFilesystem(RuntimeMount mount, IReadOnlyList<RuntimeMount> mounts)
    {
        foreach (var other in mounts)
        {
            if (!ReferenceEquals(other, mount) && !ExternalMounts.IsBind(other) && mount.Destination.StartsWith(other.Destination.TrimEnd('/') + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
