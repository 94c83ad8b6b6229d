using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
using Sampan.Engine.Storage;
using Sampan.Engine.Volumes;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Mounts;
using Sampan.Linux.Processes;
using Sampan.Runtime.Launching;

namespace Sampan.Engine.Files;

/// <summary>
/// A container's files as it sees them, volumes and all, held by a descriptor of its root. Of a running container it is the root of its
/// first process; for one that does not run its overlay and its mounts are put together in a mount namespace of this thread's own, while the
/// container's lock is held: nobody starts it meanwhile, and a kill leaves nothing.
/// </summary>
internal sealed class ContainerRoot : IDisposable
{
    private readonly Container _container;
    private readonly ContainerState? _running;
    private readonly FileDescriptor? _hold;
    private readonly string? _mountpoint;

    private ContainerRoot(Container container, ContainerState running, FileDescriptor directory)
    {
        _container = container;
        _running = running;
        Directory = directory;
    }

    private ContainerRoot(Container container, FileDescriptor directory, FileDescriptor hold, string mountpoint)
    {
        _container = container;
        Directory = directory;
        _hold = hold;
        _mountpoint = mountpoint;
    }

    /// <summary>The root directory. Every path is to be resolved with it as "/".</summary>
    public FileDescriptor Directory { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="SampanException">NotFound: the container went away, or what it mounts did.</exception>
    /// <exception cref="LinuxException">The kernel refused to mount.</exception>
    public static ContainerRoot Open(EnginePaths paths, Container container)
    {
        while (true)
        {
            if (container.State is { Running: true } state)
            {
                if (TryOpenRunning(container, state) is { } running)
                {
                    return running;
                }

                // It ended, and its monitor is about to say so.
                MonitorLock.WaitWhile(container.Directory, () => container.State.Running && !ProcessStatus.Runs(state.Pid, state.PidStartTime));
            }
            else if (MonitorLock.TakeUnlessRunning(container.Directory, container.RunDirectory) is { } hold)
            {
                return OpenStopped(paths, container, hold);
            }
            else if (!StateFile.IsWhole(container.Directory))
            {
                throw SampanException.Unavailable(
                    $"container {container.Name} has a monitor, and its state.json is damaged: nobody knows which process is its; remove it with rm -f, or kill the monitor and repair with system check");
            }
        }
    }

    /// <summary>
    /// Asserts, once all is read, that nothing was taken away meanwhile: a container that was removed takes its files with it, and one that
    /// ended takes its mounts off the root that is held here.
    /// </summary>
    /// <exception cref="SampanException">NotFound: it was removed. Conflict: it ended, and had mounts.</exception>
    public void RequireWhole()
    {
        RequireThere(_container);
        if (_running is { } state && (_container.Mounts.Count > 0 || _container.HostConfig.Tmpfs is not null) && !ProcessStatus.Runs(state.Pid, state.PidStartTime))
        {
            throw SampanException.Conflict($"container {_container.Name} ended during the copy, and what was mounted in it went away: copy again");
        }
    }

    /// <summary>Asserts that a container was not removed while its files were read.</summary>
    /// <exception cref="SampanException">NotFound: it was.</exception>
    public static void RequireThere(Container container)
    {
        if (!Entries.Exists(container.Directory))
        {
            throw SampanException.NotFound($"No such container: {container.Name}: it was removed while its files were read");
        }
    }

    public void Dispose()
    {
        Directory.Dispose();
        if (_mountpoint is not null)
        {
            // Before the lock: who starts it next finds its upper directory in nobody's use.
            PrivateMountNamespace.Unmount(_mountpoint);
        }

        _hold?.Dispose();
    }

    private static ContainerRoot? TryOpenRunning(Container container, ContainerState state)
    {
        FileDescriptor root;
        try
        {
            root = FileDescriptor.Open($"/proc/{state.Pid}/root", OpenFlags.ReadOnly | OpenFlags.Directory);
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return null;
        }

        // Asked after the opening: while it is the same process it was the same then.
        if (ProcessStatus.StartTime(state.Pid) == state.PidStartTime)
        {
            return new ContainerRoot(container, state, root);
        }

        root.Dispose();
        return null;
    }

    private static ContainerRoot OpenStopped(EnginePaths paths, Container container, FileDescriptor hold)
    {
        var mountpoint = container.Mountpoint;
        var mounted = false;
        try
        {
            PrivateMountNamespace.Enter();
            using (var root = Mount(paths, container, mountpoint))
            {
                mounted = true;
                foreach (var mount in container.Mounts)
                {
                    BindMount(container, root, mount);
                }

                return new ContainerRoot(container, root.Duplicate(), hold, mountpoint);
            }
        }
        catch (Exception error) when (error is LinuxException or SampanException)
        {
            if (mounted)
            {
                PrivateMountNamespace.Unmount(mountpoint);
            }

            hold.Dispose();
            throw;
        }
    }

    private static FileDescriptor Mount(EnginePaths paths, Container container, string mountpoint)
    {
        if (container.HostConfig.Rootfs is { } directory)
        {
            using (var place = FileDescriptor.Open(mountpoint, OpenFlags.Path | OpenFlags.Directory))
            {
                Bind(container, directory, place);
            }

            return FileDescriptor.Open(mountpoint, OpenFlags.ReadOnly | OpenFlags.Directory);
        }

        List<string> layers = [paths.Mountpoints, .. container.LayerDirectories];
        if (container.IdMap is not null)
        {
            // The overlay goes over this view of the layers, which is gone with the namespace.
            using var place = FileDescriptor.Open(mountpoint, OpenFlags.Path | OpenFlags.Directory);
            Bind(container, paths.Root, place);
            layers = layers.ConvertAll(layer => mountpoint + layer[paths.Root.Length..]);
        }

        return PrivateMountNamespace.MountOverlay(layers, container.UpperDirectory, container.WorkDirectory, mountpoint);
    }

    private static void Bind(Container container, string directory, FileDescriptor place)
    {
        if (container.IdMap is not { } ids)
        {
            PrivateMountNamespace.Bind(directory, place, readOnly: false);
            return;
        }

        using var owners = MappingNamespace.Create(ids.Owners);
        PrivateMountNamespace.BindMapped(directory, place, owners);
    }

    private static void BindMount(Container container, FileDescriptor root, MountPoint mount)
    {
        var detail = container.Record.MountDetails?.GetValueOrDefault(mount.Destination) ?? new MountDetail();
        if (detail.FileSystem.Length > 0)
        {
            throw SampanException.Conflict(
                $"container {container.Name} does not run and its volume {mount.Name} is a {detail.FileSystem} that is mounted while it does: start it first");
        }

        var path = detail.Device.Length > 0 ? detail.Device : mount.Source;
        if (FileDescriptor.TryStatus(path) is null)
        {
            throw SampanException.NotFound($"invalid mount config for type \"{mount.Type}\": bind source path does not exist: {path}");
        }

        using var source = detail.Subpath.Length > 0 ? MountSource.OpenSubpath(mount, detail) : FileDescriptor.Open(path, OpenFlags.Path);
        using var place = root.TryOpenBeneath(mount.Destination, OpenFlags.Path) ?? MakePlace(container, root, mount.Destination, source.Status().IsDirectory);
        PrivateMountNamespace.Bind($"/proc/self/fd/{source.Number}", place, !mount.RW);
    }

    // As a start would make it; only a container that was never started lacks one.
    private static FileDescriptor MakePlace(Container container, FileDescriptor root, string path, bool directory)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var depth = 0; depth < names.Length; depth++)
        {
            using var parent = root.OpenBeneath(string.Join('/', names[..depth]), OpenFlags.Path | OpenFlags.Directory);
            var made = directory || depth < names.Length - 1
                ? parent.TryMakeDirectory(names[depth])
                : parent.TryMakeNode(names[depth], FileType.Regular, Entries.PublicFile);
            if (made && container.IdMap?.ToHost is { } owners)
            {
                parent.SetOwnerAt(names[depth], owners.User(0), owners.Group(0));
            }
        }

        return root.OpenBeneath(path, OpenFlags.Path);
    }
}
