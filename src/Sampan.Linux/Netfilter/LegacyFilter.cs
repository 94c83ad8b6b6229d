using System.Buffers.Binary;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Sockets;

namespace Sampan.Linux.Netfilter;

/// <summary>
/// What the older iptables keeps beside nf_tables (linux/netfilter_ipv4/ip_tables.h, linux/netfilter_ipv6/ip6_tables.h): the policy of a chain. Its
/// rules are not read.
/// </summary>
public static unsafe class LegacyFilter
{
    private const int InternetLevel = 0;
    private const int Internet6Level = 41;
    private const int GetInformation = 64;
    private const int GetEntries = 65;
    private const int Forward = 2;

    // struct ipt_getinfo: name, hooks, five entries, five ends, count, size. struct ipt_get_entries: name, size, entries.
    private const int NameLength = 32;
    private const int InformationLength = 84;
    private const int EndsOffset = 56;
    private const int SizeOffset = 80;
    private const int EntriesOffset = 40;
    private const int LongestTable = 64 << 20;

    // Where an entry says where its target begins; behind the target's header is the verdict.
    private const int TargetOffset4 = 88;
    private const int TargetOffset6 = 140;
    private const int TargetHeader = 32;
    private const int Drop = -1;

    /// <summary>Whether the chain FORWARD of the table filter drops what none of its rules decides.</summary>
    /// <param name="isIPv6">Of ip6tables.</param>
    /// <returns>Null where the kernel does not say. Asking makes the table where there is none: see /proc/net/ip_tables_names first.</returns>
    public static bool? DropsForwarded(bool isIPv6)
    {
        try
        {
            using var socket = ClientSocket.Make(isIPv6 ? 10 : 2, isStream: false);
            var level = isIPv6 ? Internet6Level : InternetLevel;
            var information = new byte[InformationLength];
            "filter"u8.CopyTo(information);
            if (!TryGet(socket, level, GetInformation, information))
            {
                return null;
            }

            var size = BinaryPrimitives.ReadInt32LittleEndian(information.AsSpan(SizeOffset));
            var end = BinaryPrimitives.ReadInt32LittleEndian(information.AsSpan(EndsOffset + (Forward * sizeof(int))));
            if (size is <= 0 or > LongestTable)
            {
                return null;
            }

            var table = new byte[EntriesOffset + size];
            "filter"u8.CopyTo(table);
            BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(NameLength), size);
            return TryGet(socket, level, GetEntries, table) ? IsDrop(table.AsSpan(EntriesOffset), end, isIPv6 ? TargetOffset6 : TargetOffset4) : null;
        }
        catch (LinuxException)
        {
            // No such family.
            return null;
        }
    }

    private static bool? IsDrop(ReadOnlySpan<byte> entries, int entry, int offset)
    {
        if (entry < 0 || entry + offset + sizeof(ushort) > entries.Length)
        {
            return null;
        }

        var verdict = entry + BinaryPrimitives.ReadUInt16LittleEndian(entries[(entry + offset)..]) + TargetHeader;
        return verdict + sizeof(int) <= entries.Length ? BinaryPrimitives.ReadInt32LittleEndian(entries[verdict..]) == Drop : null;
    }

    private static bool TryGet(FileDescriptor socket, int level, int option, byte[] data)
    {
        fixed (byte* pointer = data)
        {
            var length = data.Length;
            return Kernel.Call(SystemCall.Getsockopt, socket.Number, level, option, (nint)pointer, (nint)(&length)) >= 0;
        }
    }
}
