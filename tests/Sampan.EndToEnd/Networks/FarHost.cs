using System.Globalization;

namespace Sampan.EndToEnd.Networks;

/// <summary>Another host on a wire with a <see cref="NetworkedHost"/>: 192.0.2.9 and 2001:db8::9, where that one is 192.0.2.1 and 2001:db8::1. It knows no way to containers.</summary>
internal sealed class FarHost : IDisposable
{
    private readonly RunningCommand _holder;

    public FarHost(NetworkedHost host)
    {
        _holder = new("/usr/bin/nsenter", [.. host.Entrance, "unshare", "--net", "sh", "-ec", "ip link set lo up; echo ready; exec sleep 100000"]);
        _holder.Expect("ready");
        host.Run(
            $"""
            ip link add wire type veth peer name far
            ip addr add 192.0.2.1/24 dev wire; ip addr add 2001:db8::1/64 dev wire nodad; ip link set wire up
            ip link set far netns {Pid}
            nsenter --net=/proc/{Pid}/ns/net sh -ec 'ip addr add 192.0.2.9/24 dev far; ip addr add 2001:db8::9/64 dev far nodad; ip link set far up'
            """);
    }

    public int Pid => _holder.Pid;

    /// <summary>The command that goes there, with a space behind it.</summary>
    public string Enter => $"nsenter --net=/proc/{Pid.ToString(CultureInfo.InvariantCulture)}/ns/net ";

    public void Dispose()
    {
        _holder.Signal(9);
        _holder.Wait();
        _holder.Dispose();
    }
}
