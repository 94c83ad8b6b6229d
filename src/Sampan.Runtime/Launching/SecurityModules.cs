using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Runtime.Launching;

/// <summary>The mandatory access controls a host enforces (apparmor(7), selinux(8)).</summary>
/// <param name="AppArmor">AppArmor is in the kernel and on.</param>
/// <param name="SELinux">SELinux is, and a policy is loaded.</param>
public sealed record SecurityModules(bool AppArmor, bool SELinux)
{
    /// <summary>What this host has. Two small files are looked at, and only when a specification asks for a profile or a label.</summary>
    /// <exception cref="LinuxException">A file that is there cannot be read.</exception>
    public static SecurityModules OfHost() => new(Says("/sys/module/apparmor/parameters/enabled", 'Y'), Says("/sys/fs/selinux/policyvers", null));

    private static bool Says(string path, char? first)
    {
        using var file = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly);
        if (file is null)
        {
            return false;
        }

        return first is null || Encoding.ASCII.GetString(file.ReadToEnd(64)).StartsWith(first.Value);
    }
}
