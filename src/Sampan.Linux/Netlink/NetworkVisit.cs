using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Netlink;

/// <summary>
/// The calling thread in another network namespace, until this is disposed: sockets it makes stay there, and /proc/sys/net is that of the
/// namespace (setns(2)). The thread must do nothing else meanwhile.
/// </summary>
public sealed class NetworkVisit : IDisposable
{
    private const int NewNetwork = 0x4000_0000;

    private readonly FileDescriptor _own;

    private NetworkVisit(FileDescriptor own) => _own = own;

    /// <summary>Enters.</summary>
    /// <param name="place">A pidfd of a process that is there, or the namespace itself.</param>
    /// <returns>What leads back.</returns>
    /// <exception cref="LinuxException">ESRCH: the process is gone. EPERM: the caller may not.</exception>
    public static NetworkVisit Enter(FileDescriptor place)
    {
        var own = FileDescriptor.Open("/proc/thread-self/ns/net", OpenFlags.ReadOnly);
        try
        {
            Kernel.Check(Kernel.Call(SystemCall.SetNs, place.Number, NewNetwork), "setns", "the container's network namespace");
            return new(own);
        }
        catch (LinuxException)
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Goes back.</summary>
    public void Dispose()
    {
        Kernel.Check(Kernel.Call(SystemCall.SetNs, _own.Number, NewNetwork), "setns", "back to the own network namespace");
        _own.Dispose();
    }
}
