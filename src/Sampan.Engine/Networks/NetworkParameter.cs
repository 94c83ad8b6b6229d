using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Networks;

/// <summary>A parameter of the network namespace that the calling thread is in (/proc/sys/net; Documentation/networking/ip-sysctl).</summary>
internal static class NetworkParameter
{
    private const string Folder = "/proc/sys/net/";

    /// <summary>Sets one. Where it is right already nothing is written: /proc/sys may be read-only.</summary>
    /// <param name="name">Below /proc/sys/net.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether it was another.</returns>
    /// <exception cref="SampanException">Unavailable: it cannot be set.</exception>
    public static bool Set(string name, string value)
    {
        try
        {
            if (FileTree.TryRead(Folder + name, 64) is { } now && Encoding.ASCII.GetString(now).TrimEnd() == value)
            {
                return false;
            }

            using var file = FileDescriptor.Open(Folder + name, OpenFlags.WriteOnly);
            file.WriteAll(Encoding.ASCII.GetBytes(value));
            return true;
        }
        catch (LinuxException problem)
        {
            throw new SampanException(ErrorKind.Unavailable, $"{problem.Message}: set net/{name} to {value} yourself", problem);
        }
    }

    /// <summary>Sets one where the kernel has it.</summary>
    /// <param name="name">Below /proc/sys/net.</param>
    /// <param name="value">The value.</param>
    public static void SetIfThere(string name, string value)
    {
        using var file = FileDescriptor.TryOpen(Folder + name, OpenFlags.WriteOnly);
        file?.WriteAll(Encoding.ASCII.GetBytes(value));
    }
}
