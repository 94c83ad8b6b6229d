namespace Sampan.Linux.Systemd;

/// <summary>
/// A process that does nothing, in whose name a scope is started: systemd refuses a scope without a process, and a container's limits have
/// to hold before its first process is made. Disposing ends the process and waits until it is gone.
/// </summary>
public interface IScopeSeed : IDisposable
{
    /// <summary>Its pid as systemd sees it.</summary>
    public int Pid { get; }
}
