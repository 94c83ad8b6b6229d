using Sampan.Engine.Containers;
using Sampan.Flags;

namespace Sampan.Cli.Values;

/// <summary>A device of the host: <c>/dev/fuse</c>, <c>/dev/sda:/dev/xvda:r</c>.</summary>
internal static class DeviceArgument
{
    /// <summary>Reads a device.</summary>
    /// <param name="text">host[:container][:permissions], permissions being letters of rwm.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="ValueException">Another form, or a path that is not absolute.</exception>
    public static DeviceMapping Parse(string text)
    {
        var parts = text.Split(':');
        if (parts.Length > 3 || parts[0].Length == 0)
        {
            throw new ValueException($"invalid device specification: {text}");
        }

        var permissions = "rwm";
        var inside = parts[0];
        if (parts.Length == 3)
        {
            permissions = IsMode(parts[2]) ? parts[2] : throw new ValueException($"bad mode specified: {parts[2]}");
        }

        if (parts.Length > 1)
        {
            if (parts.Length == 2 && IsMode(parts[1]))
            {
                permissions = parts[1];
            }
            else
            {
                inside = parts[1];
            }
        }

        RequireAbsolute(parts[0]);
        RequireAbsolute(inside);
        return new() { PathOnHost = parts[0], PathInContainer = inside, CgroupPermissions = permissions };
    }

    /// <summary>Whether it names a device of the Container Device Interface: vendor.com/class=name.</summary>
    /// <param name="text">The text.</param>
    /// <returns>True when it does.</returns>
    public static bool IsCdiName(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return slash > 0 && equals > slash + 1 && equals < text.Length - 1;
    }

    private static void RequireAbsolute(string path)
    {
        if (path.Length == 0 || path[0] != '/')
        {
            throw new ValueException($"{path} is not an absolute path");
        }
    }

    private static bool IsMode(string text) => text.Length is > 0 and <= 3 && !text.AsSpan().ContainsAnyExcept("rwm");
}
