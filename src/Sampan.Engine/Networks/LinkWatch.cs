using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux;
using Sampan.Linux.Events;
using Sampan.Networking.Names;

namespace Sampan.Engine.Networks;

/// <summary>Keeps a container's /etc/hosts right where one it is linked to has another address after a restart, as docker does.</summary>
internal sealed class LinkWatch : IEventHandler, IDisposable
{
    private readonly EventLoop _loop;
    private readonly Container _container;
    private readonly EnginePaths _paths;
    private readonly NetworkRecord _network;
    private readonly Inotify _changes;

    private LinkWatch(EventLoop loop, Container container, EnginePaths paths, NetworkRecord network, Inotify changes) =>
        (_loop, _container, _paths, _network, _changes) = (loop, container, paths, network, changes);

    /// <summary>Begins.</summary>
    /// <param name="loop">Who tells of events.</param>
    /// <param name="container">The container.</param>
    /// <param name="paths">Where the state is.</param>
    /// <param name="network">The default bridge.</param>
    /// <returns>Null where the host has no watch left: the file then stays as it is.</returns>
    public static LinkWatch? TryBegin(EventLoop loop, Container container, EnginePaths paths, NetworkRecord network)
    {
        Inotify? changes = null;
        try
        {
            changes = new();
            changes.Watch(AddressLeases.DirectoryOf(paths, network.Id), InotifyEvents.Created | InotifyEvents.MovedTo);
            var watch = new LinkWatch(loop, container, paths, network, changes);
            loop.Add(changes.Descriptor.Number, EpollEvents.Readable, watch);
            watch.Update();
            return watch;
        }
        catch (LinuxException)
        {
            changes?.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public void OnReady(int descriptor, EpollEvents events)
    {
        if (_changes.Drain() != InotifyEvents.None)
        {
            Update();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loop.Remove(_changes.Descriptor.Number);
        _changes.Dispose();
    }

    private void Update()
    {
        List<ExtraHost> hosts = [.. ContainerLinks.HostsNow(_container, _paths, _network)];
        try
        {
            NameFiles.Change(_container, "hosts", content => HostsFile.Readdress(content, hosts));
        }
        catch (LinuxException)
        {
            // A full disk: the next change of an address tries again.
            return;
        }
    }
}
