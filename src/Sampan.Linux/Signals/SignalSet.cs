namespace Sampan.Linux.Signals;

/// <summary>A set of signals as the kernel takes it: bit n-1 is signal n (sigsetops(3)).</summary>
/// <param name="Bits">The bits.</param>
public readonly record struct SignalSet(ulong Bits)
{
    /// <summary>A set of signals.</summary>
    /// <param name="numbers">Their numbers, 1 to 64.</param>
    /// <returns>The set.</returns>
    public static SignalSet Of(params ReadOnlySpan<int> numbers)
    {
        var bits = 0UL;
        foreach (var number in numbers)
        {
            bits |= 1UL << (number - 1);
        }

        return new(bits);
    }

    /// <summary>Both sets.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static SignalSet operator |(SignalSet left, SignalSet right) => new(left.Bits | right.Bits);

    /// <summary>Whether a signal is in the set.</summary>
    /// <param name="number">Its number.</param>
    /// <returns>True when it is.</returns>
    public bool Contains(int number) => (Bits >> (number - 1) & 1) != 0;
}
