using System.Net;
using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Netlink;
using Sampan.Networking.Addresses;

namespace Sampan.Engine.Networks;

public sealed partial class NetworkStore
{
    // 15 characters with what makes it distinct: as many as a device's name can have.
    private string DefaultLink => paths.Distinct("sampan0", "sampan-");

    /// <summary>Makes a network. Its bridge comes with the first container; a device that others are to be over, if it is to be made, at once.</summary>
    /// <param name="request">What is asked for.</param>
    /// <returns>The network.</returns>
    /// <exception cref="SampanException">
    /// Conflict: the name, or the parent, is taken. InvalidArgument: what is asked for makes no sense. Forbidden: a network that is always there, or what does not go with
    /// configuration networks. NotFound: no such driver, no such configuration network. Unavailable: no prefix is free, or the kernel has no such device.
    /// </exception>
    public NetworkRecord Create(NetworkCreateRequest request)
    {
        if (IsPredefined(request.Name))
        {
            throw new SampanException(ErrorKind.Forbidden, $"operation is not permitted on predefined {request.Name} network");
        }

        if (!IsValid(request.Name))
        {
            throw SampanException.InvalidArgument($"invalid network name \"{request.Name}\": only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed, and at most 128 of them");
        }

        if (request.Scope is not ("" or "local"))
        {
            throw SampanException.InvalidArgument($"invalid scope \"{request.Scope}\": networks of one host are local");
        }

        CheckDriver(request.Driver);
        ConfigurationNetwork.Check(request);
        MakePredefined();
        using var held = Lock();
        if (Entries.Exists(FileOf(request.Name)))
        {
            throw SampanException.Conflict($"network with name {request.Name} already exists");
        }

        var others = ListRecorded();
        var network = Plan(ConfigurationNetwork.Apply(request, others), others);
        Write(network);
        if (network.IsOverParent)
        {
            SetUpOrForget(network);
        }

        Tell("create", network);
        return network;
    }

    private static NetworkRecord Plan(NetworkCreateRequest request, List<NetworkRecord> others)
    {
        if (request is { IPv6Only: true, EnableIPv6: false })
        {
            throw SampanException.InvalidArgument("IPv4 or IPv6 must be enabled");
        }

        var plan = SubnetPlan.Of(request);
        var network = new NetworkRecord
        {
            Id = ContainerId.Generate(),
            Name = request.Name,
            Created = DateTimeOffset.UtcNow,
            Driver = request.ConfigOnly ? NetworkDriver.None : request.Driver,
            EnableIPv6 = request.EnableIPv6,
            IPv6Only = request.IPv6Only,
            Internal = request.Internal,
            Attachable = request.Attachable,
            ConfigOnly = request.ConfigOnly,
            ConfigFrom = request.ConfigFrom,
            Addressing = plan.Addressing,
            IpamOptions = request.IpamOptions,
            Options = request.Options,
            Labels = request.Labels,
        };
        if (network.ConfigOnly)
        {
            return network;
        }

        if (network.IsOverParent)
        {
            using var stack = NetworkStack.Open();
            network = ParentDevice.Choose(stack, network, others);
        }
        else
        {
            network = network with { Link = ChooseLink(BridgeOptions.Of(request.Options), request.Name, network.Id, others) };
        }

        return network with { Addressing = Complete(network, others) };
    }

    private void SetUpOrForget(NetworkRecord network)
    {
        try
        {
            using var stack = NetworkStack.Open();
            new NetworkSetup(paths).SetUp(stack, network, null);
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            Entries.RemoveFile(FileOf(network.Name));
            throw;
        }
    }

    /// <summary>Gives the network that is always there another prefix, because somebody else has its own now. The caller holds the lock.</summary>
    /// <param name="bridge">The network.</param>
    /// <returns>The same with a prefix that nobody uses.</returns>
    /// <exception cref="SampanException">Unavailable: none is free.</exception>
    internal NetworkRecord ChooseAgain(NetworkRecord bridge)
    {
        var others = ListRecorded();
        others.RemoveAll(network => network.Id == bridge.Id);
        var moved = bridge with { Addressing = Complete(bridge with { Addressing = [] }, others) };
        Write(moved);
        return moved;
    }

    private static void CheckDriver(string driver)
    {
        if (driver is NetworkDriver.Host or NetworkDriver.None)
        {
            throw new SampanException(ErrorKind.Forbidden, $"only one instance of \"{driver}\" network is allowed");
        }

        if (driver is not (NetworkDriver.Bridge or NetworkDriver.Macvlan or NetworkDriver.Ipvlan))
        {
            throw SampanException.NotFound($"plugin \"{driver}\" not found: use bridge, macvlan or ipvlan");
        }
    }

    /// <summary>As the tutorials have it, a bridge is called as its network where a device can have that name and none has it yet.</summary>
    private static string ChooseLink(BridgeOptions options, string network, string id, List<NetworkRecord> others)
    {
        if (options.Link is { } chosen)
        {
            return others.Find(other => other.Link == chosen) is { } owner
                ? throw SampanException.Conflict($"bridge {chosen} is that of network {owner.Name}: choose another name")
                : chosen;
        }

        if (!BridgeOptions.IsDeviceName(network) || others.Exists(other => other.Link == network))
        {
            return "br-" + id[..12];
        }

        using var stack = NetworkStack.Open();
        return stack.FindLink(network) is null ? network : "br-" + id[..12];
    }

    private static List<NetworkAddressing> Complete(NetworkRecord network, List<NetworkRecord> others)
    {
        List<NetworkAddressing> result = [.. network.Addressing];
        foreach (var addressing in network.Addressing)
        {
            foreach (var other in others)
            {
                if (other.ConfigOnly)
                {
                    continue;
                }

                foreach (var existing in other.Addressing)
                {
                    if (AddressPrefix.Overlap(addressing.Prefix, existing.Prefix))
                    {
                        throw SampanException.Conflict(
                            $"Pool overlaps with other one on this address space: {addressing.Subnet} and {existing.Subnet} of network {other.Name}");
                    }
                }
            }
        }

        var has4 = result.Exists(static addressing => !addressing.IsIPv6);
        var has6 = result.Exists(static addressing => addressing.IsIPv6);
        if ((has4 || network.IPv6Only) && (has6 || !network.EnableIPv6))
        {
            return result;
        }

        var taken = TakenPrefixes.Find(others);
        if (!has4 && !network.IPv6Only)
        {
            result.Insert(0, Chosen(AddressPool.Choose(NetworkConfiguration.FromEnvironment().Pools, taken) ?? throw SampanException.Unavailable(
                "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network: give --subnet, or other default-address-pools in networks.json")));
        }

        if (network.EnableIPv6 && !has6)
        {
            result.Add(Chosen(ChooseLocal(taken)));
        }

        return result;

        // Only a bridge has an address of its own there.
        NetworkAddressing Chosen(IPNetwork subnet) => network.Driver == NetworkDriver.Bridge ? SubnetPlan.Usual(subnet) : new() { Subnet = subnet.ToString() };
    }

    /// <summary>A prefix that nobody else in the world is likely to have (RFC 4193, 3.2).</summary>
    private static IPNetwork ChooseLocal(List<IPNetwork> taken)
    {
        const int length = 64;
        const int globalIdDigits = 10;
        Span<byte> bytes = stackalloc byte[16];
        while (true)
        {
            bytes.Clear();
            bytes[0] = 0xFD;
            Convert.FromHexString(ContainerId.Generate().AsSpan(0, globalIdDigits)).CopyTo(bytes[1..]);
            var subnet = new IPNetwork(new IPAddress(bytes), length);
            if (!taken.Exists(other => other.PrefixLength > 0 && AddressPrefix.Overlap(subnet, other)))
            {
                return subnet;
            }
        }
    }

    /// <summary>Those that are always there are recorded when somebody first asks for one: then it has an id, and the bridge a prefix.</summary>
    private void MakePredefined()
    {
        if (Array.TrueForAll(Predefined, name => Entries.Exists(FileOf(name))))
        {
            return;
        }

        using var held = Lock();
        foreach (var name in Predefined)
        {
            if (Entries.Exists(FileOf(name)))
            {
                continue;
            }

            var isBridge = name == Default;
            var others = isBridge ? ListRecorded() : [];
            var network = new NetworkRecord
            {
                Id = ContainerId.Generate(),
                Name = name,
                Created = DateTimeOffset.UtcNow,
                Driver = isBridge ? NetworkDriver.Bridge : name == "host" ? NetworkDriver.Host : NetworkDriver.None,
                Link = isBridge ? DefaultLink : "",
            };
            Write(isBridge ? network with { Addressing = Complete(network, others) } : network);
        }
    }
}
