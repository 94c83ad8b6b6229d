using Sampan.Linux;

namespace Sampan.Engine.Monitors;

/// <summary>Who answers the clients of a monitor.</summary>
internal interface IMonitorClientOwner
{
    /// <summary>A client asks.</summary>
    /// <exception cref="SampanException">It cannot be done; the client is told and let go.</exception>
    public void OnRequest(MonitorClient client, MonitorRequest request);

    /// <summary>A client is gone.</summary>
    public void OnClosed(MonitorClient client);
}
