namespace Sampan.Linux.Cgroups;

/// <summary>One value in one control file: what a limit comes down to, and what --explain prints.</summary>
/// <param name="Controller">The controller that has the file, such as "memory".</param>
/// <param name="File">Name of the file in the group's directory.</param>
/// <param name="Value">What is written.</param>
public readonly record struct CgroupSetting(string Controller, string File, string Value)
{
    /// <summary>The same limit in a kernel that has no <see cref="File"/>: the file of another I/O scheduler. Null when there is none.</summary>
    public string? OtherFile { get; init; }

    /// <summary>What is written to <see cref="OtherFile"/>, in its scale.</summary>
    public string? OtherValue { get; init; }

    /// <summary>Whether a kernel without the file loses nothing: a setting before it has said the same in older words.</summary>
    public bool Optional { get; init; }
}
