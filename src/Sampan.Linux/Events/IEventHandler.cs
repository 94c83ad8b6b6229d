namespace Sampan.Linux.Events;

/// <summary>Who is told that a descriptor is ready.</summary>
public interface IEventHandler
{
    /// <summary>The descriptor is ready. Level-triggered: what is not taken is told again.</summary>
    /// <param name="descriptor">Its number.</param>
    /// <param name="events">For what.</param>
    public void OnReady(int descriptor, EpollEvents events);
}
