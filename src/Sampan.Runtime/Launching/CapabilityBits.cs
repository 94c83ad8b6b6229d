using Sampan.Linux.Capabilities;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>The five capability sets as bit masks (capabilities(7)).</summary>
internal readonly record struct CapabilityBits(ulong Bounding, ulong Effective, ulong Permitted, ulong Inheritable, ulong Ambient)
{
    /// <summary>Reads the sets. Unknown names, and what the host withholds, are left out with a warning: specifications are written for kernels to come (runc does the
    /// same). The kernel raises no ambient capability that is not permitted and inheritable (capabilities(7)); runc's own template asks for
    /// more, and runc and crun leave that without effect.</summary>
    /// <param name="sets">The sets; null is five empty ones.</param>
    /// <param name="available">What can be granted here.</param>
    /// <param name="warnings">Receives what was left out.</param>
    public static CapabilityBits From(RuntimeCapabilities? sets, CapabilitySet available, List<string> warnings)
    {
        var unknown = new List<string>();
        var permitted = Bits(sets?.Permitted, available, unknown);
        var inheritable = Bits(sets?.Inheritable, available, unknown);
        var ambient = Bits(sets?.Ambient, available, unknown);
        var result = new CapabilityBits(
            Bits(sets?.Bounding, available, unknown), Bits(sets?.Effective, available, unknown), permitted, inheritable, ambient & permitted & inheritable);
        if (unknown.Count > 0)
        {
            warnings.Add($"ignoring unknown or unavailable capabilities: [{string.Join(' ', unknown)}]");
        }

        return result;
    }

    public static string Describe(ulong bits) => bits == 0 ? "none" : string.Join(' ', new CapabilitySet(bits).ToNames());

    private static ulong Bits(IReadOnlyList<string>? names, CapabilitySet available, List<string> unknown)
    {
        var set = CapabilitySet.Empty;
        for (var index = 0; index < (names?.Count ?? 0); index++)
        {
            var name = names![index];
            if (CapabilityNames.TryParse(name, out var capability) && available.Contains(capability))
            {
                set = set.With(capability);
            }
            else if (!unknown.Contains(name))
            {
                unknown.Add(name);
            }
        }

        return set.Bits;
    }
}
