using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>What a specification must not contain, checked before anything is made. Rules and words are runc's, so that callers find what
/// they look for.</summary>
internal static class SpecificationRules
{
    /// <summary>Checks a container's specification.</summary>
    /// <param name="spec">The specification, with a process.</param>
    /// <param name="namespaces">Its namespaces.</param>
    /// <param name="security">Asked only when the specification names a profile or label.</param>
    /// <exception cref="SampanException">A rule is broken.</exception>
    public static void Check(RuntimeSpec spec, NamespaceSet namespaces, Func<SecurityModules> security)
    {
        var linux = spec.Linux ?? new RuntimeLinux();
        CheckNames(spec, namespaces);
        if (!namespaces.Has("mount") && (linux.MaskedPaths is { Count: > 0 } || linux.ReadonlyPaths is { Count: > 0 }))
        {
            throw SampanException.InvalidArgument("unable to restrict sys entries without a private MNT namespace");
        }

        if (!namespaces.Has("user") && (linux.UidMappings is { Count: > 0 } || linux.GidMappings is { Count: > 0 }))
        {
            throw SampanException.InvalidArgument("user namespace mappings specified, but USER namespace isn't enabled in the config");
        }

        CheckTime(linux, namespaces);
        foreach (var (name, _) in linux.Sysctl ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            KernelParameter.Check(name, namespaces, namespaces.JoinsHostNetwork);
        }

        if (linux.NetDevices is { Count: > 0 } && (!namespaces.Has("network") || namespaces.JoinsHostNetwork()))
        {
            throw SampanException.InvalidArgument("unable to move network devices without a NET namespace");
        }

        if (!string.IsNullOrEmpty(linux.MountLabel) && !security().SELinux)
        {
            throw SampanException.Unavailable("selinux mount label is specified in config, but selinux is disabled or not supported");
        }

        Check(spec.Process!, security);
    }

    /// <summary>Checks a process, be it the first or an exec'd one.</summary>
    /// <param name="process">The process.</param>
    /// <param name="security">As above.</param>
    /// <exception cref="SampanException">A rule is broken.</exception>
    public static void Check(RuntimeProcess process, Func<SecurityModules> security)
    {
        if (!string.IsNullOrEmpty(process.ApparmorProfile) && !security().AppArmor)
        {
            throw SampanException.Unavailable("apparmor: config provided but apparmor not supported");
        }

        if (!string.IsNullOrEmpty(process.SelinuxLabel) && !security().SELinux)
        {
            throw SampanException.Unavailable("selinux label is specified in config, but selinux is disabled or not supported");
        }

        foreach (var variable in process.Env ?? [])
        {
            if (variable.IndexOf('=', StringComparison.Ordinal) < 1)
            {
                throw SampanException.InvalidArgument($"invalid environment variable: \"{variable}\": write it NAME=value");
            }
        }

        CheckIds(process.User);
        var limits = process.Rlimits ?? [];
        for (var i = 0; i < limits.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (limits[i].Type == limits[j].Type)
                {
                    throw SampanException.InvalidArgument($"rlimit {limits[i].Type} is given twice: leave one out");
                }
            }
        }
    }

    /// <summary>To setresuid(2) and its like the last number is "leave it as it is": the process would stay root (CVE-2024-40635 ends there too).</summary>
    private static void CheckIds(RuntimeUser user)
    {
        if (user.Uid == uint.MaxValue || user.Gid == uint.MaxValue || user.AdditionalGids?.Contains(uint.MaxValue) == true)
        {
            throw SampanException.InvalidArgument($"process.user: {uint.MaxValue} is no id: use one below it");
        }
    }

    private static void CheckNames(RuntimeSpec spec, NamespaceSet namespaces)
    {
        if (!string.IsNullOrEmpty(spec.Hostname) && !namespaces.Has("uts"))
        {
            throw SampanException.InvalidArgument("unable to set hostname without a private UTS namespace");
        }

        if (!string.IsNullOrEmpty(spec.Domainname) && !namespaces.Has("uts"))
        {
            throw SampanException.InvalidArgument("unable to set domainname without a private UTS namespace");
        }
    }

    private static void CheckTime(RuntimeLinux linux, NamespaceSet namespaces)
    {
        if (linux.TimeOffsets is not { Count: > 0 } offsets)
        {
            return;
        }

        if (!namespaces.Has("time"))
        {
            throw SampanException.InvalidArgument("time namespace offsets specified, but time namespace isn't enabled in the config");
        }

        if (!namespaces.Creates("time"))
        {
            throw SampanException.InvalidArgument("time namespace enabled, but both namespace path and time offsets specified -- you may only provide one");
        }

        foreach (var (clock, offset) in offsets)
        {
            if (clock is not ("monotonic" or "boottime"))
            {
                throw SampanException.InvalidArgument($"linux.timeOffsets: clock \"{clock}\" has no offset: use monotonic or boottime (time_namespaces(7))");
            }

            if (offset.Nanosecs >= 1_000_000_000)
            {
                throw SampanException.InvalidArgument($"linux.timeOffsets: {offset.Nanosecs} nanoseconds are more than a second: carry them over to secs");
            }
        }
    }
}
