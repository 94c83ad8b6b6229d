namespace Sampan.Linux.Cgroups;

/// <summary>One value in one control file: what a limit comes down to, and what --explain prints.</summary>
/// <param name="Controller">The controller that has the file, such as "memory".</param>
/// <param name="File">Name of the file in the group's directory.</param>
/// <param name="Value">What is written.</param>
public readonly record struct CgroupSetting(string Controller, string File, string Value);
