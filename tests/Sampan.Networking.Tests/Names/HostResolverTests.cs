using System.Net;
using Sampan.Networking.Names;

namespace Sampan.Networking.Tests.Names;

public sealed class HostResolverTests
{
    [Theory]
    [InlineData("nameserver 10.0.0.2\nnameserver\t2001:db8::1 # second\nsearch corp.example\n", "10.0.0.2,2001:db8::1", false)]
    [InlineData("#nameserver 10.0.0.2\n; nameserver 10.0.0.3\nnameserver 127.0.0.53\r\noptions edns0", "127.0.0.53", true)]
    [InlineData("nameserver ::1\nnameserver 10.0.0.2\n", "::1,10.0.0.2", false)]
    [InlineData("nameserver nonsense\nnameserver 1.2\nnameserver\n", "127.0.0.1", true)]
    [InlineData("", "127.0.0.1", true)]
    public void Servers_are_read(string content, string servers, bool isLocal)
    {
        HostResolver.Servers(content).ShouldBe(servers.Split(',').Select(IPAddress.Parse));
        HostResolver.IsLocal(content).ShouldBe(isLocal);
    }
}
