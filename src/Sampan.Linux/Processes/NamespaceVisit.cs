using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Processes;

/// <summary>
/// The calling thread in the network, ipc and uts namespaces of a process, until it is disposed: /proc/sys shows the values of whoever
/// looks (setns(2)). The thread must do nothing else meanwhile.
/// </summary>
public sealed class NamespaceVisit : IDisposable
{
    private const int NewUts = 0x0400_0000;
    private const int NewIpc = 0x0800_0000;
    private const int NewNetwork = 0x4000_0000;

    private readonly FileDescriptor[] _own;

    private NamespaceVisit(FileDescriptor[] own) => _own = own;

    /// <summary>Enters.</summary>
    /// <param name="pid">A process.</param>
    /// <returns>What leads back.</returns>
    /// <exception cref="LinuxException">The process is gone (ESRCH), or the caller may not (EPERM).</exception>
    public static NamespaceVisit Enter(int pid)
    {
        using var process = new FileDescriptor((int)Kernel.Check(Kernel.Call(SystemCall.PidfdOpen, pid, 0), "pidfd_open", $"process {pid}"));
        var visit = new NamespaceVisit([Open("net"), Open("ipc"), Open("uts")]);
        try
        {
            Kernel.Check(Kernel.Call(SystemCall.SetNs, process.Number, NewNetwork | NewIpc | NewUts), "setns", $"namespaces of process {pid}");
            return visit;
        }
        catch (LinuxException)
        {
            visit.Dispose();
            throw;
        }
    }

    /// <summary>Goes back.</summary>
    public void Dispose()
    {
        foreach (var own in _own)
        {
            Kernel.Check(Kernel.Call(SystemCall.SetNs, own.Number, 0), "setns", "back to the own namespaces");
            own.Dispose();
        }
    }

    private static FileDescriptor Open(string name) => FileDescriptor.Open("/proc/thread-self/ns/" + name, OpenFlags.ReadOnly);
}
