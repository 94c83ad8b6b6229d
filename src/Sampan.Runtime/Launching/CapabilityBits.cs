using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>The five capability sets as bit masks (capabilities(7)).</summary>
internal readonly record struct CapabilityBits(ulong Bounding, ulong Effective, ulong Permitted, ulong Inheritable, ulong Ambient)
{
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an unknown name.</exception>
    public static CapabilityBits From(RuntimeCapabilities? sets) => new(
        Bits(sets?.Bounding),
        Bits(sets?.Effective),
        Bits(sets?.Permitted),
        Bits(sets?.Inheritable),
        // The kernel raises no other (capabilities(7)); runc's own template asks for more, and runc and crun leave that without effect.
        Bits(sets?.Ambient) & Bits(sets?.Inheritable) & Bits(sets?.Permitted));

    public static string Describe(ulong bits) => bits == 0 ? "none" : string.Join(' ', new CapabilitySet(bits).ToNames());

    private static ulong Bits(IReadOnlyList<string>? names) => CapabilitySet.FromNames(names).Bits;
}
