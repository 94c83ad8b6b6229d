using Sampan.Engine.Containers;
using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Networking.Relays;

namespace Sampan.Engine.Networks;

/// <summary>The ports of one container that are published, as its monitor holds them: sockets, and what carries that which comes to them.</summary>
/// <param name="taker">Who takes ports.</param>
internal sealed class PublishedPorts(PortTaker taker) : IDisposable
{
    private List<OpenBinding> _open = [];
    private EventLoop? _loop;
    private PortRelay? _relay;
    private string? _led;

    /// <summary>What is open, in the order in which it was asked for.</summary>
    public IReadOnlyList<OpenBinding> Open => _open;

    /// <summary>The same as others are told of it; null for nothing.</summary>
    public IReadOnlyList<OpenPort>? Ports => List(_open);

    /// <summary>What a container is to have.</summary>
    /// <param name="host">What the host gives.</param>
    /// <param name="config">What is exposed.</param>
    /// <returns>Its ports (80/tcp), and where each is to be.</returns>
    public static List<(string Key, PortBinding Asked)> Wanted(HostConfig host, ContainerConfig config)
    {
        List<(string, PortBinding)> wanted = [];
        if (host.PortBindings is { } ports)
        {
            foreach (var (key, bindings) in ports)
            {
                foreach (var binding in bindings)
                {
                    wanted.Add((key, binding));
                }
            }
        }

        foreach (var key in host.PublishAllPorts ? config.ExposedPorts?.Keys ?? [] : [])
        {
            if (host.PortBindings?.ContainsKey(key) != true)
            {
                wanted.Add((key, new()));
            }
        }

        return wanted;
    }

    /// <summary>What is open under these, as others are told of it.</summary>
    /// <param name="bindings">The bindings.</param>
    /// <returns>Null for nothing.</returns>
    public static IReadOnlyList<OpenPort>? List(IReadOnlyList<OpenBinding> bindings)
    {
        List<OpenPort> ports = [];
        foreach (var binding in bindings)
        {
            foreach (var part in binding.Parts)
            {
                ports.Add(part.Port);
            }
        }

        return ports.Count == 0 ? null : ports;
    }

    /// <summary>Takes ports, all or none.</summary>
    /// <param name="target">Where they are to lead.</param>
    /// <param name="wanted">Which.</param>
    /// <param name="before">What was open in the container's last life: a port of the kernel's choice is the same again if it can be.</param>
    /// <exception cref="Linux.SampanException">Conflict: somebody has one. InvalidArgument: it cannot be published there.</exception>
    public void Take(PublishTarget target, List<(string Key, PortBinding Asked)> wanted, IReadOnlyList<OpenPort>? before)
    {
        foreach (var (key, asked) in wanted)
        {
            _open.Add(taker.Take(target, key, asked, PortBefore(before, key, asked), []));
        }
    }

    /// <summary>The same for a container that runs and lost its monitor. What somebody took meanwhile is his; packets from elsewhere still come to the container.</summary>
    /// <inheritdoc cref="Take"/>
    public void TakeAgain(PublishTarget target, List<(string Key, PortBinding Asked)> wanted, IReadOnlyList<OpenPort> before)
    {
        List<OpenBinding> known = [];
        foreach (var port in before)
        {
            if (known.Count > 0 && known[^1] is var last && last.Key == port.Key && last.HostPort == port.HostPort && last.Parts.Count == 1
                && port.AskedIp.Length == 0 && port.IsIPv6 && last.Parts[0].Port is { IsIPv6: false, AskedIp.Length: 0 })
            {
                known[^1] = last with { Parts = [.. last.Parts, PortTaker.TakeAgain(port)] };
            }
            else
            {
                known.Add(new(port.Key, new() { HostIp = port.AskedIp, HostPort = port.AskedPort }, [PortTaker.TakeAgain(port)]));
            }
        }

        var (kept, missing) = Match(known, wanted, static _ => false);
        Release(known.FindAll(binding => !kept.Contains(binding)), []);
        foreach (var (key, asked) in missing)
        {
            if (taker.TryTake(target, key, asked) is { } binding)
            {
                kept.Add(binding);
            }
        }

        _open = kept;
    }

    /// <summary>Opens and closes ports until they are what is wanted, all or none.</summary>
    /// <param name="target">Where they lead.</param>
    /// <param name="wanted">Which are to be open.</param>
    /// <param name="isRemoved">Which were named to be closed: where equal ones were asked for, those go.</param>
    /// <param name="commit">Tells everybody, from what is closed, what is opened and all that is open then; what it throws leaves all as it was.</param>
    /// <exception cref="Linux.SampanException">Nothing has changed.</exception>
    public void Change(
        PublishTarget target, List<(string Key, PortBinding Asked)> wanted, Predicate<OpenPort> isRemoved,
        Action<List<OpenBinding>, List<OpenBinding>, IReadOnlyList<OpenPort>?> commit)
    {
        var (kept, missing) = Match(_open, wanted, isRemoved);
        var closed = _open.FindAll(binding => !kept.Contains(binding));
        List<OpenBinding> opened = [];
        List<OpenBinding> all = [.. kept];
        try
        {
            foreach (var (key, asked) in missing)
            {
                // One that is closed by the same command may be opened by it.
                opened.Add(taker.Take(target, key, asked, 0, closed));
            }

            all.AddRange(opened);
            commit(closed, opened, List(all));
        }
        catch
        {
            Release(opened, closed);
            throw;
        }

        foreach (var binding in closed)
        {
            foreach (var part in binding.Parts)
            {
                Stop(part);
            }
        }

        Release(closed, opened);
        _open = all;
        Carry(target, opened);
    }

    /// <summary>Begins to carry what comes to the sockets.</summary>
    /// <param name="loop">Who tells of events.</param>
    /// <param name="target">Where to.</param>
    /// <exception cref="Linux.LinuxException">No memory, or no descriptor, is to be had.</exception>
    public void Serve(EventLoop loop, PublishTarget target)
    {
        if (_loop is null)
        {
            _loop = loop;
            Carry(target, _open);
        }
    }

    /// <summary>Carries what comes from now on elsewhere: the container's way out is another.</summary>
    /// <param name="target">Where to.</param>
    /// <exception cref="Linux.LinuxException">No memory, or no descriptor, is to be had.</exception>
    public void Lead(PublishTarget target)
    {
        if (_loop is null || _led == target.Endpoint.Id)
        {
            return;
        }

        foreach (var binding in _open)
        {
            foreach (var part in binding.Parts)
            {
                Stop(part);
            }
        }

        Carry(target, _open);
    }

    /// <summary>Gives memory of the last burst back.</summary>
    public void Trim() => _relay?.Trim();

    /// <summary>Lets go of all.</summary>
    public void Dispose()
    {
        _relay?.Dispose();
        _relay = null;
        Release(_open, []);
        _open = [];
    }

    private static (List<OpenBinding> Kept, List<(string Key, PortBinding Asked)> Missing) Match(
        List<OpenBinding> open, List<(string Key, PortBinding Asked)> wanted, Predicate<OpenPort> isRemoved)
    {
        List<OpenBinding> left = [.. open];
        List<OpenBinding> kept = [];
        List<(string, PortBinding)> missing = [];
        foreach (var (key, asked) in wanted)
        {
            bool IsIt(OpenBinding binding) => binding.Key == key && binding.Asked == asked;
            var found = left.Find(binding => IsIt(binding) && !isRemoved(binding.Parts[0].Port)) ?? left.Find(IsIt);
            if (found is null)
            {
                missing.Add((key, asked));
            }
            else
            {
                left.Remove(found);
                kept.Add(found);
            }
        }

        return (kept, missing);
    }

    private int PortBefore(IReadOnlyList<OpenPort>? before, string key, PortBinding asked)
    {
        foreach (var port in before ?? [])
        {
            if (port.Key == key && port.AskedIp == asked.HostIp && port.AskedPort == asked.HostPort
                && !_open.Exists(binding => binding.Key == key && binding.HostPort == port.HostPort && binding.Asked == asked))
            {
                return port.HostPort;
            }
        }

        return 0;
    }

    private static void Release(IReadOnlyList<OpenBinding> bindings, IReadOnlyList<OpenBinding> except)
    {
        HashSet<FileDescriptor> others = [];
        foreach (var binding in except)
        {
            foreach (var part in binding.Parts)
            {
                _ = part.Socket is { } socket && others.Add(socket);
            }
        }

        foreach (var binding in bindings)
        {
            foreach (var part in binding.Parts)
            {
                if (part.Socket is { } socket && !others.Contains(socket))
                {
                    socket.Dispose();
                }
            }
        }
    }

    private void Stop(PortReservation part)
    {
        if (part.IsCarried)
        {
            _relay?.Remove(part.Socket!);
        }
    }

    private void Carry(PublishTarget target, IReadOnlyList<OpenBinding> bindings)
    {
        _led = target.Endpoint.Id;
        foreach (var binding in bindings)
        {
            foreach (var part in binding.Parts)
            {
                if (_loop is not null && part.IsCarried && part.Port.Target(target.Endpoint) is { } place)
                {
                    _relay ??= new(_loop);
                    _relay.Add(part.Socket!, part.Port.Protocol == "tcp", place);
                }
            }
        }
    }
}
