namespace Sampan.EndToEnd.Networks;

/// <summary>Asks servers from somewhere.</summary>
internal static class PortClient
{
    private const string Script =
        """
        import socket, sys
        for line in sys.stdin:
            protocol, address, port = line.split()
            family = socket.AF_INET6 if ':' in address else socket.AF_INET
            answer = ''
            for attempt in range(4 if protocol == 'udp' else 1):
                s = socket.socket(family, socket.SOCK_DGRAM if protocol == 'udp' else socket.SOCK_STREAM)
                s.settimeout(1.5)
                try:
                    # Connected: an answer from another address than the one asked is none.
                    s.connect((address, int(port)))
                    s.sendall(b'who\n')
                    answer = s.recv(65536).decode().strip()
                except OSError:
                    pass
                s.close()
                if answer:
                    break
            print(answer or 'no', flush=True)
        """;

    /// <summary>Asks one server after the other.</summary>
    /// <param name="host">The host.</param>
    /// <param name="enter">A command that goes to where it is asked from; empty for the host itself.</param>
    /// <param name="questions">"tcp 192.0.2.1 8080" each.</param>
    /// <returns>What each answers; "no" where nobody does.</returns>
    public static string[] Ask(NetworkedHost host, string enter, IEnumerable<string> questions) => host.Run(
        $"""
        {enter}/usr/bin/python3 -c "$(cat <<'end'
        {Script}
        end
        )" <<'end'
        {string.Join('\n', questions)}
        end
        """).Split('\n');

    /// <summary>Runs a script of Python's on the host.</summary>
    public static string Run(NetworkedHost host, string script) => host.Run(
        $"""
        /usr/bin/python3 -c "$(cat <<'end'
        {script}
        end
        )"
        """);
}
