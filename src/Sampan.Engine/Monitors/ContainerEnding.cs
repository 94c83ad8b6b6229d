using Sampan.Linux;

namespace Sampan.Engine.Monitors;

/// <summary>A container that has been told to end.</summary>
public sealed class ContainerEnding : IDisposable
{
    private readonly Func<MonitorConnection?> _connect;
    private MonitorRequest _request;
    private MonitorConnection? _connection;

    /// <param name="connect">Its monitor, or the next one where that has died; null when it has ended.</param>
    /// <param name="request">What is asked of the monitor.</param>
    internal ContainerEnding(Func<MonitorConnection?> connect, MonitorRequest request)
    {
        _connect = connect;
        _request = request;
        Ask();
    }

    /// <summary>Waits until it has ended.</summary>
    /// <exception cref="SampanException">The monitor refuses, or no other could take the place of one that died.</exception>
    public void Wait()
    {
        while (_connection is not null)
        {
            try
            {
                if (_connection.WaitForExit() is not null)
                {
                    return;
                }
            }
            catch (SampanException exception) when (exception.Kind == ErrorKind.Conflict)
            {
                // It ended by itself just before.
                return;
            }

            // Its monitor died: the next one knows what had been begun.
            _request = _request with { Again = true };
            Dispose();
            Ask();
        }
    }

    /// <summary>Waits no more.</summary>
    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private void Ask()
    {
        _connection = _connect();
        _connection?.SendRequest(_request);
    }
}
