namespace Sampan.Networking.Dns.Zones;

/// <summary>
/// Strings of bytes and the number of each, in the order they were added; looked up without an allocation. It is three arrays whatever it
/// holds: a monitor has all names of its container's networks.
/// </summary>
internal sealed class ByteTable
{
    private readonly int[] _slots;
    private readonly int[] _starts;
    private readonly byte[] _keys;

    /// <param name="count">Most keys there will be.</param>
    /// <param name="bytes">Most bytes of all of them together.</param>
    public ByteTable(int count, int bytes)
    {
        // At most half full, so that an empty slot is never far.
        var length = 4;
        while (length < count * 2)
        {
            length *= 2;
        }

        _slots = new int[length];
        _starts = new int[count + 1];
        _keys = new byte[bytes];
    }

    /// <summary>How many keys there are.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a key, which is added where it is not there.</summary>
    /// <param name="key">The key.</param>
    /// <returns>0 for the first that was added, and so on.</returns>
    public int Add(ReadOnlySpan<byte> key)
    {
        var number = Find(key, out var slot);
        if (number >= 0)
        {
            return number;
        }

        var start = _starts[Count];
        key.CopyTo(_keys.AsSpan(start));
        _slots[slot] = ++Count;
        _starts[Count] = start + key.Length;
        return Count - 1;
    }

    /// <summary>The number of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>-1 where it is not there.</returns>
    public int Find(ReadOnlySpan<byte> key) => Find(key, out _);

    private int Find(ReadOnlySpan<byte> key, out int slot)
    {
        var mask = _slots.Length - 1;
        slot = Hash(key) & mask;
        while (_slots[slot] != 0)
        {
            var number = _slots[slot] - 1;
            if (_keys.AsSpan(_starts[number].._starts[number + 1]).SequenceEqual(key))
            {
                return number;
            }

            slot = (slot + 1) & mask;
        }

        return -1;
    }

    // FNV-1a. The keys are the host's own names: nobody gains by making them collide.
    private static int Hash(ReadOnlySpan<byte> key)
    {
        var hash = 2166136261u;
        foreach (var value in key)
        {
            hash = (hash ^ value) * 16777619u;
        }

        return (int)(hash ^ (hash >> 15));
    }
}
