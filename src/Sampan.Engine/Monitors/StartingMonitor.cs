using Sampan.Linux.Files;
using Sampan.Linux.Sockets;
using Sampan.Runtime.Launching;

namespace Sampan.Engine.Monitors;

/// <summary>
/// A monitor that has been started and waits to be told what for. Its process comes to life while the command that wants it still makes
/// the container, so that neither waits for the other; closed without a word, or killed, the command leaves it with an end of file, and
/// it goes away.
/// </summary>
internal sealed class StartingMonitor : IDisposable
{
    private readonly FileDescriptor _socket;
    private readonly LaunchingProcess? _process;
    private bool _handedOver;

    /// <param name="id">Full id of the container, which need not exist yet.</param>
    /// <param name="launch">Starts a monitor for an id with its end of the conversation, the caller's to close.</param>
    /// <exception cref="Linux.SampanException">It could not be started.</exception>
    public StartingMonitor(string id, Func<string, FileDescriptor, LaunchingProcess?> launch)
    {
        (_socket, var theirs) = UnixSocket.Pair();
        using (theirs)
        {
            try
            {
                _process = launch(id, theirs);
            }
            catch
            {
                _socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>The monitor's side: waits for the container's lock, which says that the container is there.</summary>
    /// <param name="socket">Its end of the conversation.</param>
    /// <returns>The lock; null when the command went away without one.</returns>
    public static FileDescriptor? AwaitLock(FileDescriptor socket) => DescriptorPassing.Receive(socket, out var hold) ? hold : null;

    /// <summary>Hands the container over. A monitor that dies after it came to life shows as the connection's end.</summary>
    /// <param name="request">The start.</param>
    /// <param name="hold">The container's lock; the monitor gets its own descriptor of it, this one stays the caller's.</param>
    /// <returns>The conversation.</returns>
    /// <exception cref="Linux.SampanException">The monitor did not come to life.</exception>
    public MonitorConnection Start(MonitorRequest request, FileDescriptor hold)
    {
        _process?.Await().Dispose();
        _ = DescriptorPassing.TrySend(_socket, hold, "+"u8);
        var connection = new MonitorConnection(_socket);
        _handedOver = true;
        connection.SendRequest(request);
        return connection;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process?.Dispose();
        if (!_handedOver)
        {
            _socket.Dispose();
        }
    }
}
