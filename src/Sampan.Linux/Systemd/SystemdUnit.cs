namespace Sampan.Linux.Systemd;

/// <summary>A container's scope and where it is in systemd's tree.</summary>
/// <param name="Slice">The slice above it, such as "machine.slice".</param>
/// <param name="Name">The unit, such as "libpod-1f2e.scope".</param>
public sealed record SystemdUnit(string Slice, string Name)
{
    private const string SliceSuffix = ".slice";

    /// <summary>Reads a cgroupsPath as runc words it for the systemd driver.</summary>
    /// <param name="path">"slice:prefix:name"; an empty slice is system.slice, an empty prefix leaves the name alone.</param>
    /// <returns>The unit.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not of that form, or not names systemd takes.</exception>
    public static SystemdUnit Parse(string path)
    {
        var parts = path.Split(':');
        if (parts.Length != 3)
        {
            throw SampanException.InvalidArgument(
                $"expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"{path}\" instead");
        }

        var (slice, prefix, name) = (parts[0], parts[1], parts[2]);
        if (name.EndsWith(SliceSuffix, StringComparison.Ordinal))
        {
            throw SampanException.InvalidArgument($"cgroupsPath \"{path}\": a slice holds no process; name a scope");
        }

        var unit = new SystemdUnit(slice.Length == 0 ? "system.slice" : slice, (prefix.Length == 0 ? name : prefix + "-" + name) + ".scope");
        _ = unit.ControlGroup;
        return name.Length > 0 && IsName(unit.Name)
            ? unit
            : throw SampanException.InvalidArgument($"cgroupsPath \"{path}\": \"{unit.Name}\" is not a unit name (systemd.unit(5))");
    }

    /// <summary>The group's path in the trees: a dash in a slice's name is a level (systemd.slice(5)).</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the slice's name is not one.</exception>
    public string ControlGroup => Expand(Slice) + "/" + Name;

    /// <summary>Where a slice is.</summary>
    /// <param name="slice">Such as "a-b.slice"; "-.slice" is the root.</param>
    /// <returns>Such as "/a.slice/a-b.slice"; empty for the root.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the name is not a slice's.</exception>
    public static string Expand(string slice)
    {
        if (slice == "-.slice")
        {
            return "";
        }

        var path = "";
        var valid = slice.Length > SliceSuffix.Length && slice.EndsWith(SliceSuffix, StringComparison.Ordinal) && IsName(slice);
        for (var dash = 0; valid && dash >= 0;)
        {
            // From the dash before it, a component may neither be empty nor end the name with a dash.
            var end = slice.IndexOf('-', dash);
            var component = end < 0 ? slice.AsSpan(dash, slice.Length - SliceSuffix.Length - dash) : slice.AsSpan(dash, end - dash);
            valid = !component.IsEmpty;
            path += "/" + (end < 0 ? slice : slice[..end] + SliceSuffix);
            dash = end < 0 ? -1 : end + 1;
        }

        return valid ? path : throw SampanException.InvalidArgument($"invalid slice name: {slice}");
    }

    private static bool IsName(string name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !":-_.\\@".Contains(letter, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return name.Length is > 0 and <= 255;
    }
}
