using System.Numerics;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Capabilities;

/// <summary>A set of capabilities, one bit each as in /proc/PID/status.</summary>
/// <param name="Bits">Bit n stands for capability number n.</param>
public readonly record struct CapabilitySet(ulong Bits)
{
    /// <summary>PR_CAPBSET_READ (prctl(2)).</summary>
    private const int ReadBoundingSet = 23;

    /// <summary>No capability.</summary>
    public static CapabilitySet Empty => default;

    /// <summary>Every capability that has a name here, whatever the kernel knows.</summary>
    public static CapabilitySet All => new((1UL << CapabilityNames.Count) - 1);

    /// <summary>What docker gives a container that asks for nothing: fourteen capabilities.</summary>
    public static CapabilitySet ContainerDefault =>
        Of(Capability.Chown)
            .With(Capability.DacOverride)
            .With(Capability.Fowner)
            .With(Capability.Fsetid)
            .With(Capability.Kill)
            .With(Capability.Setgid)
            .With(Capability.Setuid)
            .With(Capability.Setpcap)
            .With(Capability.NetBindService)
            .With(Capability.NetRaw)
            .With(Capability.SysChroot)
            .With(Capability.Mknod)
            .With(Capability.AuditWrite)
            .With(Capability.Setfcap);

    /// <summary>How many are in the set.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>The set of one.</summary>
    /// <param name="capability">Its member.</param>
    /// <returns>The set.</returns>
    public static CapabilitySet Of(Capability capability) => new(1UL << (int)capability);

    /// <summary>The highest capability number this kernel knows, /proc/sys/kernel/cap_last_cap.</summary>
    /// <returns>A number, 40 since Linux 5.9.</returns>
    /// <exception cref="LinuxException">/proc is not mounted.</exception>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: the file holds no number.</exception>
    public static int LastOfKernel()
    {
        const string path = "/proc/sys/kernel/cap_last_cap";
        using var file = FileDescriptor.Open(path, OpenFlags.ReadOnly);
        Span<byte> text = stackalloc byte[16];
        var length = file.Read(text);
        return int.TryParse(text[..length].TrimEnd((byte)'\n'), out var last)
            ? last
            : throw new SampanException(ErrorKind.Internal, $"{path}: not a number");
    }

    /// <summary>
    /// This process's bounding set: the most any child can ever have (capabilities(7), "Capability bounding set"). What "all" means to a
    /// container: asking for more makes execve or capset fail, which is why docker fails outright in a confined host.
    /// </summary>
    /// <returns>The set, limited to what the kernel knows.</returns>
    public static CapabilitySet Bounding()
    {
        var bits = 0UL;
        for (var number = 0; number < CapabilityNames.Count; number++)
        {
            // EINVAL: the kernel does not know this number, nor any higher.
            var result = Kernel.Call(SystemCall.Prctl, ReadBoundingSet, number);
            if (result < 0)
            {
                break;
            }

            bits |= (ulong)result << number;
        }

        return new(bits);
    }

    /// <summary>What this process may do now (capget(2)).</summary>
    /// <returns>Its effective set.</returns>
    public static unsafe CapabilitySet Effective()
    {
        // struct __user_cap_header_struct: version 3, this process; then two of __user_cap_data_struct, whose first word is the effective set.
        var header = stackalloc int[2] { 0x2008_0522, 0 };
        var data = stackalloc uint[6];
        Kernel.Check(Kernel.Call(SystemCall.Capget, (nint)header, (nint)data), "capget", "this process");
        return new(data[0] | ((ulong)data[3] << 32));
    }

    /// <summary>The set and one more.</summary>
    /// <param name="capability">The one.</param>
    /// <returns>The union.</returns>
    public CapabilitySet With(Capability capability) => new(Bits | (1UL << (int)capability));

    /// <summary>The set less one.</summary>
    /// <param name="capability">The one.</param>
    /// <returns>The difference.</returns>
    public CapabilitySet Without(Capability capability) => new(Bits & ~(1UL << (int)capability));

    /// <summary>What is in both.</summary>
    /// <param name="other">The other set.</param>
    /// <returns>The intersection.</returns>
    public CapabilitySet Intersect(CapabilitySet other) => new(Bits & other.Bits);

    /// <summary>Whether a capability is in the set.</summary>
    /// <param name="capability">The capability.</param>
    /// <returns>True when it is.</returns>
    public bool Contains(Capability capability) => (Bits >> (int)capability & 1) != 0;

    /// <summary>The names in order of their numbers, as an OCI document lists them.</summary>
    /// <returns>CAP_ names.</returns>
    public string[] ToNames()
    {
        var known = Intersect(All);
        var names = new string[known.Count];
        var index = 0;
        for (var bits = known.Bits; bits != 0; bits &= bits - 1)
        {
            names[index++] = ((Capability)BitOperations.TrailingZeroCount(bits)).Name();
        }

        return names;
    }

    /// <summary>Reads names as an OCI document lists them.</summary>
    /// <param name="names">CAP_ names; null is the empty set.</param>
    /// <returns>The set.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an unknown name.</exception>
    public static CapabilitySet FromNames(IReadOnlyList<string>? names)
    {
        var set = Empty;
        for (var index = 0; index < (names?.Count ?? 0); index++)
        {
            set = set.With(CapabilityNames.Parse(names![index]));
        }

        return set;
    }
}
