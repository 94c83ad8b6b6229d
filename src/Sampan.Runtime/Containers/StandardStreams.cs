using Sampan.Linux.Files;

namespace Sampan.Runtime.Containers;

/// <summary>The caller's standard input, output and error, which a process without a terminal gets.</summary>
internal static class StandardStreams
{
    /// <summary>How many there are.</summary>
    public const int Count = 3;

    /// <summary>What they are called: what a restore of the container knows them by.</summary>
    /// <returns>Such as "pipe:[4711]"; empty for one that is closed.</returns>
    public static IReadOnlyList<string> Names()
    {
        var names = new string[Count];
        using var descriptors = FileDescriptor.Open("/proc/self/fd", OpenFlags.Path | OpenFlags.Directory);
        for (var number = 0; number < Count; number++)
        {
            names[number] = IsOpen(descriptors, number) ? descriptors.ReadLink(Name(number)).ToString() : "";
        }

        return names;
    }

    /// <summary>Which of them are the null device, which every container has one of its own of.</summary>
    /// <returns>Numbers.</returns>
    public static IReadOnlyList<int> Null()
    {
        const int memoryDevices = 1, nullDevice = 3;
        var numbers = new List<int>(Count);
        for (var number = 0; number < Count; number++)
        {
            using var stream = new FileDescriptor(number, owned: false);
            if (stream.TryStatus() is { Type: FileType.CharacterDevice, DeviceMajor: memoryDevices, DeviceMinor: nullDevice })
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    private static bool IsOpen(FileDescriptor descriptors, int number) => descriptors.TryStatusAt(Name(number)) is not null;

    private static string Name(int number) => ((char)('0' + number)).ToString();
}
