using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Monitors;

/// <summary>A signal on its way to a container: its monitor has been asked, and has yet to answer.</summary>
public sealed class SentSignal : IDisposable
{
    private readonly Container _container;
    private readonly MonitorConnection _connection;

    /// <param name="container">Which.</param>
    /// <param name="connection">Its monitor, not asked yet; not the caller's any more.</param>
    /// <param name="signal">Number of the signal.</param>
    internal SentSignal(Container container, MonitorConnection connection, int signal)
    {
        _container = container;
        _connection = connection;
        _connection.SendRequest(new MonitorRequest { Operation = "signal", Signal = signal });
    }

    /// <summary>The words for a container that no signal reaches, whether its monitor has gone or is still telling of the end.</summary>
    /// <param name="container">Which.</param>
    /// <param name="reason">Why.</param>
    internal static SampanException Undelivered(Container container, SampanException reason) =>
        new(ErrorKind.Conflict, $"cannot kill container: {container.Name}: {reason.Message}", reason);

    /// <summary>Waits until it has had its effect: after SIGKILL until the container's end is recorded.</summary>
    /// <exception cref="SampanException">Conflict: it does not run any more. InvalidArgument: there is no such signal.</exception>
    public void Wait()
    {
        try
        {
            _connection.WaitFor(FrameType.Done, () => MonitorConnection.Unanswered(_container));
        }
        catch (SampanException problem) when (problem.Kind == ErrorKind.Conflict)
        {
            throw Undelivered(_container, problem);
        }
    }

    /// <summary>Waits no more; the signal is sent all the same.</summary>
    public void Dispose() => _connection.Dispose();
}
