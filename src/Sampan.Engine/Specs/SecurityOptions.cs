using Sampan.Linux;

namespace Sampan.Engine.Specs;

/// <summary>What --security-opt says.</summary>
public sealed record SecurityOptions
{
    private const string Unconfined = "unconfined";

    /// <summary>Programs gain nothing by execve (PR_SET_NO_NEW_PRIVS).</summary>
    public bool NoNewPrivileges { get; private init; }

    /// <summary>No system call filter.</summary>
    public bool SeccompUnconfined { get; private init; }

    /// <summary>A profile of the user's: the JSON itself when it begins with a brace, else the path of a file; null is the default policy.</summary>
    public string? SeccompProfile { get; private init; }

    /// <summary>No masked and read-only paths.</summary>
    public bool SystemPathsUnconfined { get; private init; }

    /// <summary>The container may write its own cgroup tree.</summary>
    public bool WritableCgroups { get; private init; }

    /// <summary>Reads the options.</summary>
    /// <param name="options">name=value, or name:value as docker once wrote it.</param>
    /// <param name="privileged">--privileged: no filter and no hidden paths unless asked for.</param>
    /// <returns>What they mean.</returns>
    /// <exception cref="SampanException">
    /// <see cref="ErrorKind.InvalidArgument"/>: an unknown option; <see cref="ErrorKind.Unavailable"/>: a security module this version does
    /// not drive.
    /// </exception>
    public static SecurityOptions Parse(IReadOnlyList<string>? options, bool privileged)
    {
        var result = new SecurityOptions { SeccompUnconfined = privileged, SystemPathsUnconfined = privileged, WritableCgroups = privileged };
        for (var index = 0; index < (options?.Count ?? 0); index++)
        {
            result = result.With(options![index]);
        }

        return result;
    }

    private SecurityOptions With(string option)
    {
        var separator = option.AsSpan().IndexOfAny('=', ':');
        var name = separator < 0 ? option : option[..separator];
        var value = separator < 0 ? "" : option[(separator + 1)..];
        return (name, value) switch
        {
            ("no-new-privileges", "" or "true") => this with { NoNewPrivileges = true },
            ("no-new-privileges", "false") => this with { NoNewPrivileges = false },
            ("seccomp", Unconfined) => this with { SeccompUnconfined = true, SeccompProfile = null },
            ("seccomp", "builtin") => this with { SeccompUnconfined = false, SeccompProfile = null },
            ("seccomp", { Length: > 0 }) => this with { SeccompUnconfined = false, SeccompProfile = value },
            ("systempaths", Unconfined) => this with { SystemPathsUnconfined = true },
            ("writable-cgroups", "" or "true") => this with { WritableCgroups = true },
            ("writable-cgroups", "false") => this with { WritableCgroups = false },
            ("apparmor", Unconfined) or ("label", "disable") => this,
            ("apparmor", _) => throw SampanException.Unavailable($"--security-opt {option}: AppArmor profiles are not applied; say apparmor=unconfined or leave it out"),
            ("label", _) => throw SampanException.Unavailable($"--security-opt {option}: SELinux labels are not applied; say label=disable or leave it out"),
            _ => throw SampanException.InvalidArgument($"invalid --security-opt: \"{option}\""),
        };
    }
}
