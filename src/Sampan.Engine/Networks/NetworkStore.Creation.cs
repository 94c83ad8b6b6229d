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

    /// <summary>Makes a network. Its bridge comes with the first container.</summary>
    /// <param name="request">What is asked for.</param>
    /// <returns>The network.</returns>
    /// <exception cref="SampanException">
    /// Conflict: the name is taken. InvalidArgument: what is asked for makes no sense. Forbidden: a network that is always there. NotFound: no
    /// such driver. Unavailable: no prefix is free.
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

        CheckDriver(request.Driver);
        var options = BridgeOptions.Of(request.Options);
        var plan = SubnetPlan.Of(request);
        MakePredefined();
        using var held = Lock();
        if (Entries.Exists(FileOf(request.Name)))
        {
            throw SampanException.Conflict($"network with name {request.Name} already exists");
        }

        var others = ListRecorded();
        var id = ContainerId.Generate();
        var network = new NetworkRecord
        {
            Id = id,
            Name = request.Name,
            Created = DateTimeOffset.UtcNow,
            Link = ChooseLink(options, request.Name, id, others),
            EnableIPv6 = request.EnableIPv6,
            Internal = request.Internal,
            Attachable = request.Attachable,
            Addressing = Complete(plan.Addressing, request.EnableIPv6, others),
            Options = request.Options,
            Labels = request.Labels,
        };
        Write(network);
        Tell("create", network);
        return network;
    }

    /// <summary>Gives the network that is always there another prefix, because somebody else has its own now. The caller holds the lock.</summary>
    /// <param name="bridge">The network.</param>
    /// <returns>The same with a prefix that nobody uses.</returns>
    /// <exception cref="SampanException">Unavailable: none is free.</exception>
    internal NetworkRecord ChooseAgain(NetworkRecord bridge)
    {
        var others = ListRecorded();
        others.RemoveAll(network => network.Id == bridge.Id);
        var moved = bridge with { Addressing = Complete([], false, others) };
        Write(moved);
        return moved;
    }

    private static void CheckDriver(string driver)
    {
        if (driver is NetworkDriver.Host or NetworkDriver.None)
        {
            throw new SampanException(ErrorKind.Forbidden, $"only one instance of \"{driver}\" network is allowed");
        }

        if (driver != NetworkDriver.Bridge)
        {
            throw SampanException.NotFound($"plugin \"{driver}\" not found: use bridge");
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

    private static List<NetworkAddressing> Complete(IReadOnlyList<NetworkAddressing> asked, bool enableIPv6, List<NetworkRecord> others)
    {
        List<NetworkAddressing> result = [.. asked];
        foreach (var addressing in asked)
        {
            foreach (var other in others)
            {
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
        if (has4 && (has6 || !enableIPv6))
        {
            return result;
        }

        var taken = TakenPrefixes.Find(others);
        if (!has4)
        {
            result.Insert(0, SubnetPlan.Usual(AddressPool.Choose(NetworkConfiguration.FromEnvironment().Pools, taken) ?? throw SampanException.Unavailable(
                "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network: give --subnet, or other default-address-pools in networks.json")));
        }

        if (enableIPv6 && !has6)
        {
            result.Add(SubnetPlan.Usual(ChooseLocal(taken)));
        }

        return result;
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
            Write(new NetworkRecord
            {
                Id = ContainerId.Generate(),
                Name = name,
                Created = DateTimeOffset.UtcNow,
                Driver = isBridge ? NetworkDriver.Bridge : name == "host" ? NetworkDriver.Host : NetworkDriver.None,
                Link = isBridge ? DefaultLink : "",
                Addressing = isBridge ? Complete([], false, others) : [],
            });
        }
    }
}
