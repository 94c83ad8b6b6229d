using System.Globalization;
using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Linux.Mounts;

/// <summary>A file system as /proc/self/mountinfo lists it (proc_pid_mountinfo(5)).</summary>
/// <param name="Type">Such as ext4.</param>
/// <param name="Source">Such as /dev/sda1.</param>
/// <param name="Target">Where it is mounted.</param>
public sealed record MountedFileSystem(string Type, string Source, string Target)
{
    /// <summary>Finds the file system an open file is on.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Null where its device is no mount's (btrfs has one for each subvolume).</returns>
    /// <exception cref="LinuxException">/proc is not mounted.</exception>
    public static MountedFileSystem? Of(FileDescriptor file)
    {
        var status = file.Status();
        var device = string.Create(CultureInfo.InvariantCulture, $"{status.Device >> 32}:{(uint)status.Device}");
        foreach (var line in Encoding.UTF8.GetString(FileTree.TryRead("/proc/self/mountinfo") ?? []).Split('\n'))
        {
            var fields = line.Split(' ');
            var separator = Array.IndexOf(fields, "-");
            if (separator > 4 && separator + 2 < fields.Length && fields[2] == device)
            {
                return new(fields[separator + 1], fields[separator + 2], fields[4]);
            }
        }

        return null;
    }
}
