using Sampan.Linux;
using Sampan.Linux.Netlink;

namespace Sampan.Engine.Networks;

/// <summary>A network's part on the host, whatever it is made of.</summary>
/// <param name="paths">Where the state is.</param>
internal sealed class NetworkSetup(EnginePaths paths)
{
    private readonly NetworkStore _networks = new(paths);

    /// <summary>Sets a network up, or sets right what somebody took away of it: its first container does, in each boot.</summary>
    /// <param name="name">The network's name.</param>
    /// <exception cref="SampanException">NotFound: it was removed. Conflict: somebody else has the bridge's name or the prefix. Unavailable: its parent is not there.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void Bring(string name)
    {
        using var held = _networks.Lock();
        var network = _networks.TryRead(name) ?? throw SampanException.NotFound($"network {name} not found");
        using var stack = NetworkStack.Open();
        SetUp(stack, network, null);
        AddressLeases.Begin(paths, network.Id);
        if (network.Driver == NetworkDriver.Bridge)
        {
            using var firewall = new NetworkFirewall(paths);
            firewall.Write(_networks);
        }
    }

    /// <summary>The same but for the packet filter. The caller holds the networks' lock.</summary>
    /// <param name="stack">The host's.</param>
    /// <param name="network">The network.</param>
    /// <param name="tell">Told of each thing that was missing, in a line; null tells nobody.</param>
    /// <exception cref="SampanException">Conflict: somebody else has the bridge's name or the prefix. Unavailable: its parent is not there. Forbidden: the caller may not.</exception>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void SetUp(NetworkStack stack, NetworkRecord network, Action<string>? tell)
    {
        try
        {
            if (network.IsOverParent)
            {
                ParentDevice.SetUp(stack, network, tell);
            }
            else
            {
                new BridgeSetup(paths).SetUp(stack, network, tell);
            }
        }
        catch (LinuxException problem) when (problem.Errno is Errno.EPERM or Errno.EROFS or Errno.EOPNOTSUPP or Errno.ENETDOWN)
        {
            var wayOut = network.IsOverParent
                ? problem.Errno == Errno.ENETDOWN ? "set the device below it up" : "make the device yourself and name it with -o parent"
                : "use --network none or --network host, or let none be the usual one (\"bridge\": \"none\" in /etc/sampan/networks.json)";
            throw new SampanException(
                problem.Errno is Errno.EPERM or Errno.EROFS ? ErrorKind.Forbidden : ErrorKind.Unavailable,
                $"network {network.Name} cannot be set up: {problem.Message}: {wayOut}",
                problem);
        }
    }

    /// <summary>
    /// Takes a network's part on the host away, whatever there is of it: who did so before may have been killed. The caller holds the networks' lock, and nobody
    /// is on it.
    /// </summary>
    /// <param name="network">The network; its leases have ended.</param>
    /// <param name="wasUp">Whether a container has been on it in this boot.</param>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public void TakeDown(NetworkRecord network, bool wasUp)
    {
        if (network.Link.Length == 0)
        {
            return;
        }

        using var stack = NetworkStack.Open();
        if (network.IsOverParent)
        {
            ParentDevice.Remove(stack, network, _networks.ListRecorded());
            return;
        }

        // A bridge that an administrator made before the network came stays, as with docker.
        var link = stack.FindLink(network.Link) is { } there && BridgeSetup.IsMade(there, network) ? there : null;
        if (!wasUp && link is null)
        {
            return;
        }

        // The filter first: it knows the bridge by name, and the next one of that name may be somebody else's.
        using (var firewall = new NetworkFirewall(paths))
        {
            firewall.Write(_networks);
        }

        if (link is not null)
        {
            stack.Apply(new NetworkChange().RemoveLink(link.Index, link.Name));
        }
    }
}
