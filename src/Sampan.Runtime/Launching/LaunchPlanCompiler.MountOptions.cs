using Sampan.Linux;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

internal sealed unsafe partial class LaunchPlanCompiler
{
    /// <summary>What no mount call would refuse clearly, or not before something was made.</summary>
    private static void RefuseOptions(RuntimeMount mount, MountOptions options)
    {
        var bind = options.Bind || mount.Type == "bind";
        if (!options.Remount && (bind || mount.Type is not "proc"))
        {
            ProcCover.Check(mount, bind);
        }

        if (bind && options.Data.Count > 0)
        {
            throw SampanException.InvalidArgument($"mount {mount.Destination}: unknown option \"{options.Data[0]}\" for a bind mount");
        }

        if (mount.Type is "cgroup" or "cgroup2" && options.Data.Count > 0)
        {
            throw SampanException.InvalidArgument($"mount {mount.Destination}: unknown option \"{options.Data[0]}\" for the container's cgroups");
        }

        if (options.CopyUp && (bind || mount.Type != "tmpfs"))
        {
            throw SampanException.InvalidArgument($"mount {mount.Destination}: tmpcopyup is for a tmpfs: leave it out");
        }

        if (!bind && (options.IdMapped || mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 }))
        {
            throw SampanException.InvalidArgument($"mount {mount.Destination}: id-mapped mounts are only supported for bind-mounts");
        }
    }

    /// <summary>
    /// The tree was cloned in the caller's mount namespace and is still a peer of what it was cloned from: without a word it would carry
    /// the container's mounts to the host. It becomes what a mount made inside would be: what rootfsPropagation says, a slave when it says
    /// nothing (runc makes all its namespace that before it mounts). What the mount itself asks for comes after.
    /// </summary>
    private void PropagateTree(PlanRegister tree, string target, MountOptions options)
    {
        var inherited = Propagation(_linux.RootfsPropagation) & ~(ulong)MountFlags.Recursive;
        if (options.Propagations is not [{ Recursive: true, Type: not MountFlags.Shared }, ..] && inherited != MountFlags.Shared)
        {
            // A whole tree made unbindable could not be used by the mounts that follow.
            Propagate(tree, target, inherited is 0 or MountFlags.Unbindable ? MountFlags.Slave : inherited, true);
        }

        foreach (var (propagation, recursive) in options.Propagations)
        {
            Propagate(tree, target, propagation, recursive);
        }
    }

    private void Propagate(PlanRegister mount, string target, ulong propagation, bool recursive) => SetAttributes(
        mount, target, 0, 0, propagation, MountFlags.AtEmptyPath | (recursive ? MountFlags.AtRecursive : 0), PropagationPurpose(propagation));

    private void ConfigureAll(PlanRegister context, string type, MountOptions options)
    {
        foreach (var flag in options.Superblock)
        {
            Configure(context, type, flag, null);
        }

        foreach (var option in options.Data)
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            Configure(context, type, equals < 0 ? option : option[..equals], equals < 0 ? null : option[(equals + 1)..]);
        }
    }

    /// <summary>Changes a mount that is there: with bind only the mount's own flags, else those of its file system too (mount(2), MS_REMOUNT).</summary>
    private void Remount(RuntimeMount mount, MountOptions options)
    {
        var target = mount.Destination;
        var place = _plan.Call(
            SystemCall.OpenAt2, "openat2", target, "the mount to be changed, beneath the container's root",
            _root, _plan.Arena.Text(target), _steps.OpenHow(OpenPath), ProcessSteps.OpenHowSize).ToRegister();
        if (!options.Bind)
        {
            var context = _plan.Call(
                SystemCall.Fspick, "fspick", target, "its file system's options",
                place, _nothing, MountFlags.FsPickCloseOnExec | MountFlags.FsPickEmptyPath).ToRegister();
            if (((options.Set | options.Clear) & MountFlags.AttributeReadOnly) != 0)
            {
                Configure(context, target, (options.Set & MountFlags.AttributeReadOnly) != 0 ? "ro" : "rw", null);
            }

            ConfigureAll(context, target, options);
            _plan.Call(SystemCall.Fsconfig, $"fsconfig {target}", "reconfigure", "change the file system", context, MountFlags.FsConfigReconfigure, 0, 0, 0);
            Close(context, "file system context");
        }

        if ((options.RecursiveSet | options.RecursiveClear) != 0)
        {
            SetAttributes(place, target, options.RecursiveSet, options.RecursiveClear, 0, MountFlags.AtEmptyPath | MountFlags.AtRecursive, "options of the whole tree");
        }

        if ((options.Set | options.Clear) != 0)
        {
            SetAttributes(place, target, options.Set, options.Clear, 0, MountFlags.AtEmptyPath, Describe(mount));
        }

        foreach (var (propagation, recursive) in options.Propagations)
        {
            Propagate(place, target, propagation, recursive);
        }

        Close(place, "mount");
    }

    /// <summary>A tmpfs takes over the mode of the directory it covers, unless one is asked for, and with tmpcopyup its content, as runc does it.</summary>
    private void ResembleCovered(PlanRegister filesystem, RuntimeMount mount, MountOptions options)
    {
        var hasMode = false;
        foreach (var option in options.Data)
        {
            hasMode |= option.StartsWith("mode=", StringComparison.Ordinal);
        }

        if (!hasMode)
        {
            _plan.Macro(
                PlanOperation.CopyMode, "fchmodat", mount.Destination, "the mode of the directory it covers",
                _root, _plan.Arena.Text(mount.Destination), filesystem);
        }

        if (options.CopyUp)
        {
            _plan.Macro(
                PlanOperation.CopyTree, "copy", mount.Destination, "tmpcopyup: begin with the content of what it covers",
                _root, _plan.Arena.Text(mount.Destination), filesystem);
        }
    }

    private static string PropagationPurpose(ulong propagation) => propagation switch
    {
        MountFlags.Shared => "shared: mounts below it travel both ways",
        MountFlags.Slave => "slave: later mounts of the host show in it, never the other way",
        MountFlags.Private => "private: it shares no later mounts with the host",
        _ => "unbindable: private, and no bind mount can be made of it",
    };
}
