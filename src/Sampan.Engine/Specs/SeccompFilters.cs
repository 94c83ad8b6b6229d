using System.Text;
using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Linux.Files;
using Sampan.Runtime.Seccomp;

namespace Sampan.Engine.Specs;

/// <summary>The system call filter of a container.</summary>
public static class SeccompFilters
{
    private const int MostBytes = 4 << 20;

    /// <summary>Chooses and compiles it, or takes it from the cache.</summary>
    /// <param name="options">What the user says.</param>
    /// <param name="bounding">The container's bounding set.</param>
    /// <param name="cache">Compiled filters.</param>
    /// <returns>BPF, an array of struct sock_filter; null for none.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the profile cannot be read or makes no sense.</exception>
    public static byte[]? For(SecurityOptions options, CapabilitySet bounding, SeccompFilterCache cache)
    {
        if (options.SeccompUnconfined)
        {
            return null;
        }

        return options.SeccompProfile is { } profile ? cache.Profile(Read(profile), bounding) : cache.Default(bounding);
    }

    private static byte[] Read(string profile)
    {
        if (profile.StartsWith('{'))
        {
            return Encoding.UTF8.GetBytes(profile);
        }

        try
        {
            using var file = FileDescriptor.Open(profile, OpenFlags.ReadOnly);
            return file.ReadToEnd(MostBytes);
        }
        catch (LinuxException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"opening seccomp profile ({profile}) failed: {error.Message}", error);
        }
    }
}
