using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Containers;

/// <summary>What engines ask a runtime to hand over: pids in files, terminals and pidfds over sockets.</summary>
public static class DescriptorHandover
{
    /// <summary>Sends a filter's listener and what it belongs to to the agent (config-linux.md, "The Container Process State").</summary>
    /// <param name="section">The seccomp section.</param>
    /// <param name="listener">The descriptor; stays the caller's.</param>
    /// <param name="record">The container.</param>
    /// <param name="status">Its status.</param>
    /// <param name="pid">The process the filter is on.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: no agent listens.</exception>
    internal static void SendListener(RuntimeSeccomp section, FileDescriptor listener, ContainerRecord record, ContainerStatus status, int pid) =>
        Send(section.ListenerPath!, listener, StateDocument.ForAgent(record, status, pid, section.ListenerMetadata), "seccomp listener");

    /// <summary>Sends a descriptor to whoever listens at a path (--console-socket, --pidfd-socket).</summary>
    /// <param name="path">The socket.</param>
    /// <param name="descriptor">The descriptor; stays the caller's.</param>
    /// <param name="name">What it is: the text sent with it.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: nobody listens there.</exception>
    public static void Send(string path, FileDescriptor descriptor, string name) => Send(path, descriptor, Encoding.UTF8.GetBytes(name), name);

    private static void Send(string path, FileDescriptor descriptor, byte[] text, string name)
    {
        using var directory = FileDescriptor.Open(Path.GetDirectoryName(Path.GetFullPath(path))!, OpenFlags.Path | OpenFlags.Directory);
        using var socket = UnixSocket.TryConnect(directory, Path.GetFileName(path));
        if (socket is null || !DescriptorPassing.TrySend(socket, descriptor, text))
        {
            throw SampanException.Unavailable($"cannot send the {name} to {path}: nobody listens there");
        }
    }

    /// <summary>Writes a pid; a reader sees all of the file or none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pid">The pid.</param>
    /// <exception cref="LinuxException">It could not be written.</exception>
    public static void WritePid(string path, int pid) =>
        AtomicFile.Write(path, Encoding.ASCII.GetBytes(pid.ToString(System.Globalization.CultureInfo.InvariantCulture)), 0x1A4, durable: false);
}
