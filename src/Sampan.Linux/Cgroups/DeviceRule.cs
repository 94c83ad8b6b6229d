namespace Sampan.Linux.Cgroups;

/// <summary>One rule of a device list, as the version 1 controller words them (admin-guide/cgroup-v1/devices.rst).</summary>
/// <param name="Allow">Allow, else deny.</param>
/// <param name="Type">'a' for all devices, 'c' or 'b'.</param>
/// <param name="Major">Major number; null is all.</param>
/// <param name="Minor">Minor number; null is all.</param>
/// <param name="Access">Read, write, make.</param>
public readonly record struct DeviceRule(bool Allow, char Type, long? Major, long? Minor, DeviceAccess Access)
{
    /// <summary>Everything is denied: how a container's list begins.</summary>
    public static DeviceRule DenyAll => new(false, 'a', null, null, DeviceAccess.All);

    /// <summary>Everything is allowed: a privileged container.</summary>
    public static DeviceRule AllowAll => new(true, 'a', null, null, DeviceAccess.All);

    /// <summary>The line for devices.allow or devices.deny.</summary>
    /// <returns>Such as "c 1:3 rwm", or "a".</returns>
    public override string ToString()
    {
        if (Type == 'a')
        {
            return "a";
        }

        var major = Major is { } majorNumber ? majorNumber.ToString() : "*";
        var minor = Minor is { } minorNumber ? minorNumber.ToString() : "*";
        return $"{Type} {major}:{minor} {Access.ToLetters()}";
    }
}
