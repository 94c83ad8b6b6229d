namespace Sampan.Linux.Cgroups;

/// <summary>What may be done with a device; the values are BPF_DEVCG_ACC_ (linux/bpf.h).</summary>
[Flags]
public enum DeviceAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>m: make the node.</summary>
    Make = 1,

    /// <summary>r: read.</summary>
    Read = 2,

    /// <summary>w: write.</summary>
    Write = 4,

    /// <summary>rwm.</summary>
    All = 7,
}

/// <summary>Device access as letters.</summary>
public static class DeviceAccessLetters
{
    /// <summary>Writes the letters in the kernel's order.</summary>
    /// <param name="access">Some access.</param>
    /// <returns>Such as "rw".</returns>
    public static string ToLetters(this DeviceAccess access) =>
        (access.HasFlag(DeviceAccess.Read) ? "r" : "")
        + (access.HasFlag(DeviceAccess.Write) ? "w" : "")
        + (access.HasFlag(DeviceAccess.Make) ? "m" : "");

    /// <summary>Reads letters.</summary>
    /// <param name="letters">Letters of rwm, each at most once, at least one.</param>
    /// <param name="access">What they mean.</param>
    /// <returns>False when a letter is foreign, doubled, or there is none.</returns>
    public static bool TryParse(ReadOnlySpan<char> letters, out DeviceAccess access)
    {
        access = DeviceAccess.None;
        foreach (var letter in letters)
        {
            var one = letter switch
            {
                'r' => DeviceAccess.Read,
                'w' => DeviceAccess.Write,
                'm' => DeviceAccess.Make,
                _ => DeviceAccess.None,
            };
            if (one == DeviceAccess.None || access.HasFlag(one))
            {
                return false;
            }

            access |= one;
        }

        return access != DeviceAccess.None;
    }
}
