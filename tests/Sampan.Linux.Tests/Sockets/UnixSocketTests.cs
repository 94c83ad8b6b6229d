using System.Text;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Linux.Tests.Sockets;

public sealed class UnixSocketTests : IDisposable
{
    private readonly Files.TemporaryDirectory _directory = new();

    [Fact]
    public void A_deep_directory_is_no_obstacle()
    {
        var deep = _directory[string.Join('/', Enumerable.Repeat("a-rather-long-name", 20))];
        Directory.CreateDirectory(deep);
        using var directory = FileDescriptor.Open(deep, OpenFlags.Path | OpenFlags.Directory);
        UnixSocket.TryConnect(directory, "sock").ShouldBeNull();
        using var listener = UnixSocket.Listen(directory, "sock");
        UnixSocket.TryAccept(listener).ShouldBeNull();
        using var client = UnixSocket.TryConnect(directory, "sock").ShouldNotBeNull();
        using var server = UnixSocket.TryAccept(listener).ShouldNotBeNull();
        UnixSocket.TrySend(client, "he"u8, "llo"u8).ShouldBe(5);
        var buffer = new byte[10];
        Encoding.ASCII.GetString(buffer, 0, server.Read(buffer)).ShouldBe("hello");
    }

    [Fact]
    public void A_socket_nobody_listens_on_is_nobody()
    {
        using var directory = FileDescriptor.Open(_directory.Path, OpenFlags.Path | OpenFlags.Directory);
        UnixSocket.Listen(directory, "sock").Dispose();
        File.Exists(_directory["sock"]).ShouldBeTrue();
        UnixSocket.TryConnect(directory, "sock").ShouldBeNull();
        Should.Throw<LinuxException>(() => UnixSocket.Listen(directory, "sock")).Errno.ShouldBe(Errno.EADDRINUSE);
    }

    [Fact]
    public void Sending_never_waits_and_never_kills()
    {
        var (ours, theirs) = UnixSocket.Pair();
        using (ours)
        {
            var data = new byte[1 << 20];
            UnixSocket.TrySend(ours, data).ShouldBeInRange(1, data.Length - 1);
            UnixSocket.TrySend(ours, data).ShouldBe(-(int)Errno.EAGAIN);
            theirs.Dispose();
            UnixSocket.TrySend(ours, data).ShouldBe(-(int)Errno.EPIPE);
        }
    }

    public void Dispose() => _directory.Dispose();
}
