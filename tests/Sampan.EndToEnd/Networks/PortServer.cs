using System.Globalization;

namespace Sampan.EndToEnd.Networks;

/// <summary>A server in a container's network namespace: on port 80 of TCP and UDP, of both families. It answers with its name and whom it sees.</summary>
internal sealed class PortServer : IDisposable
{
    private const string Script =
        """
        import socket, sys, threading
        name = sys.argv[1].encode()
        def address(peer):
            return peer[0].replace('::ffff:', '').encode()
        def serve(connection, peer):
            with connection, connection.makefile('rb') as file:
                asked = file.readline()
                try:
                    while asked == b'flood\n':
                        connection.sendall(bytes(65536))
                except OSError:
                    return
                if asked == b'swallow\n':
                    all = file.read()
                    connection.sendall(b'%d\n' % len(all) + all)
                else:
                    connection.sendall(name + b' ' + address(peer) + b'\n')
        def bind(family, kind):
            s = socket.socket(family, kind)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            s.bind(('', 80))
            return s
        def accept(s):
            while True:
                threading.Thread(target=serve, args=s.accept(), daemon=True).start()
        def receive(s):
            while True:
                _, peer = s.recvfrom(65536)
                s.sendto(name + b' ' + address(peer) + b'\n', peer)
        for family in socket.AF_INET, socket.AF_INET6:
            listener = bind(family, socket.SOCK_STREAM)
            listener.listen(512)
            threading.Thread(target=accept, args=(listener,), daemon=True).start()
            threading.Thread(target=receive, args=(bind(family, socket.SOCK_DGRAM),), daemon=True).start()
        print('ready', flush=True)
        sys.stdin.read()
        """;

    private readonly RunningCommand _command;

    /// <param name="name">Its name.</param>
    /// <param name="pid">A process of the container.</param>
    public PortServer(string name, int pid)
    {
        _command = new("/usr/bin/nsenter", [$"--net=/proc/{pid.ToString(CultureInfo.InvariantCulture)}/ns/net", "/usr/bin/python3", "-c", Script, name]);
        _command.Expect("ready");
    }

    public void Dispose()
    {
        _command.Signal(9);
        _command.Wait();
        _command.Dispose();
    }
}
