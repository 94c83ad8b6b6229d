using Sampan.Linux;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Launching;
using Sampan.Runtime.Seccomp;

namespace Sampan.Runtime.Containers;

/// <summary>The compiled filter of a specification, from the cache where it can be.</summary>
internal static class SeccompFilters
{
    // One for all roots: engines give each of their own a root that goes away with the boot.
    private const string Cache = "/run/sampan-seccomp";

    private static string OwnCache => Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } directory && !CallerPrivileges.CanAdminister
        ? $"{directory}/sampan-seccomp"
        : Cache;

    /// <param name="spec">The specification.</param>
    /// <returns>BPF, an array of struct sock_filter; null for none.</returns>
    /// <exception cref="SampanException">The section is malformed or libseccomp refuses it.</exception>
    public static byte[]? Of(RuntimeSpec spec) => spec.Linux?.Seccomp is { } section ? new SeccompFilterCache(OwnCache).Document(section) : null;
}
