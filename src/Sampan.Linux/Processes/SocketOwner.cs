using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Linux.Processes;

/// <summary>Who has a port, as ss(8) finds out: the socket's number from /proc/net, and the process that has it open from /proc/PID/fd (proc(5)).</summary>
/// <param name="Name">The program, as the kernel calls it.</param>
/// <param name="Pid">The process; the first where several have it.</param>
public sealed record SocketOwner(string Name, int Pid)
{
    // A look that takes no longer than a command's user waits gladly.
    private const int MostDescriptors = 1 << 17;
    private const int MostLength = 16 << 20;
    private const int LocalColumn = 1;
    private const int StateColumn = 3;
    private const int NumberColumn = 9;
    private const string Listening = "0A";

    /// <summary>Looks for who has a port in this process's network namespace.</summary>
    /// <param name="protocol">tcp or udp.</param>
    /// <param name="address">The address; that of a family's all meets every one of it.</param>
    /// <param name="port">The port.</param>
    /// <returns>Null where nobody is to be found.</returns>
    public static SocketOwner? Find(string protocol, IPAddress address, int port)
    {
        foreach (var file in (ReadOnlySpan<string>)[$"/proc/net/{protocol}", $"/proc/net/{protocol}6"])
        {
            if (FileTree.TryRead(file, MostLength) is { } table && FindNumber(Encoding.ASCII.GetString(table), protocol == "tcp", address, port) is { } number
                && FindProcess($"socket:[{number}]") is { } owner)
            {
                return owner;
            }
        }

        return null;
    }

    /// <summary>Finds a socket in a table of the kernel's.</summary>
    /// <param name="table">/proc/net/tcp or one like it.</param>
    /// <param name="isStream">Whether only those count that listen.</param>
    /// <param name="address">The address.</param>
    /// <param name="port">The port.</param>
    /// <returns>Its number; null where there is none.</returns>
    internal static string? FindNumber(string table, bool isStream, IPAddress address, int port)
    {
        foreach (var line in table.Split('\n'))
        {
            var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > NumberColumn && (!isStream || columns[StateColumn] == Listening) && Parse(columns[LocalColumn]) is { } local
                && local.Port == port && Meet(local.Address, address))
            {
                return columns[NumberColumn];
            }
        }

        return null;
    }

    // 0100007F:1F90: words of the machine's order, and a number as people write it.
    private static IPEndPoint? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is not (8 or 32) || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port))
        {
            return null;
        }

        var bytes = new byte[colon / 2];
        for (var word = 0; word < colon / 8; word++)
        {
            if (!uint.TryParse(text.AsSpan(word * 8, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(word * 4), value);
        }

        return new(new IPAddress(bytes), port);
    }

    // A socket of all IPv6 addresses may have those of IPv4 too.
    private static bool Meet(IPAddress local, IPAddress address)
    {
        local = local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local;
        return local.Equals(address) || local.Equals(IPAddress.IPv6Any)
            || (local.AddressFamily == address.AddressFamily && (IsAny(local) || IsAny(address)));
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static SocketOwner? FindProcess(string link)
    {
        var left = MostDescriptors;
        foreach (var process in FileTree.List("/proc"))
        {
            if (!int.TryParse(process.Name.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                using var directory = FileDescriptor.TryOpen($"/proc/{process.Name}/fd", OpenFlags.ReadOnly | OpenFlags.Directory);
                foreach (var entry in directory?.ReadEntries() ?? [])
                {
                    if (--left < 0)
                    {
                        return null;
                    }

                    if (directory!.ReadLink(entry.Name).ToString() == link)
                    {
                        var name = FileTree.TryRead($"/proc/{process.Name}/comm", 64) is { } comm ? Encoding.UTF8.GetString(comm).TrimEnd('\n') : "";
                        return new(name, pid);
                    }
                }
            }
            catch (LinuxException)
            {
                // It ended meanwhile, or is not ours to look into.
                continue;
            }
        }

        return null;
    }
}
