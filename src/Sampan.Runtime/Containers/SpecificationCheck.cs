using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Containers;

/// <summary>What must be true of a specification before anything is made (config.md).</summary>
internal static class SpecificationCheck
{
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is not, with the property's name.</exception>
    public static void Check(RuntimeSpec spec)
    {
        CheckVersion(spec.OciVersion);
        if (string.IsNullOrEmpty(spec.Root?.Path))
        {
            throw SampanException.InvalidArgument("root.path is missing: it names the root filesystem");
        }

        if (spec.Process is not { } process)
        {
            throw SampanException.InvalidArgument("process is missing: a container needs one to be started");
        }

        Check(process);
        CheckHooks(spec.Hooks);
        CheckSeccomp(spec.Linux?.Seccomp);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in spec.Linux?.Namespaces ?? [])
        {
            if (!seen.Add(item.Type))
            {
                throw SampanException.InvalidArgument($"malformed spec file: duplicated ns {{\"{item.Type}\" \"{item.Path}\"}}");
            }
        }
    }

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the process is not one.</exception>
    public static void Check(RuntimeProcess process)
    {
        if (process.Args is not { Count: > 0 })
        {
            throw SampanException.InvalidArgument("args must not be empty: process.args names the command");
        }

        if (!process.Cwd.StartsWith('/'))
        {
            throw SampanException.InvalidArgument($"Cwd must be an absolute path: process.cwd is \"{process.Cwd}\"");
        }
    }

    // Before anything runs: a hook that cannot run would otherwise be found out when its container is gone.
    private static void CheckHooks(RuntimeHooks? hooks)
    {
        CheckHooks("prestart", hooks?.Prestart);
        CheckHooks("createRuntime", hooks?.CreateRuntime);
        CheckHooks("createContainer", hooks?.CreateContainer);
        CheckHooks("startContainer", hooks?.StartContainer);
        CheckHooks("poststart", hooks?.Poststart);
        CheckHooks("poststop", hooks?.Poststop);
    }

    private static void CheckHooks(string name, IReadOnlyList<RuntimeHook>? hooks)
    {
        for (var index = 0; index < hooks?.Count; index++)
        {
            var hook = hooks[index];
            if (!hook.Path.StartsWith('/'))
            {
                throw SampanException.InvalidArgument($"{name} hook #{index}: path \"{hook.Path}\" is not absolute: begin it with /");
            }

            if (hook.Timeout is <= 0)
            {
                throw SampanException.InvalidArgument($"hook {hook.Path}: timeout {hook.Timeout} is not greater than zero: leave it out to wait without end");
            }
        }
    }

    private static void CheckSeccomp(RuntimeSeccomp? seccomp)
    {
        if (seccomp is null)
        {
            return;
        }

        if (seccomp.ListenerMetadata is not null && string.IsNullOrEmpty(seccomp.ListenerPath))
        {
            throw SampanException.InvalidArgument("linux.seccomp.listenerMetadata without listenerPath: there is nobody to send it to");
        }

        CheckErrno(seccomp.DefaultAction, seccomp.DefaultErrnoRet, "defaultErrnoRet");
        foreach (var rule in seccomp.Syscalls ?? [])
        {
            CheckErrno(rule.Action, rule.ErrnoRet, "errnoRet");
        }
    }

    private static void CheckErrno(string action, uint? errno, string property)
    {
        if (errno is not null && action is not ("SCMP_ACT_ERRNO" or "SCMP_ACT_TRACE"))
        {
            throw SampanException.InvalidArgument($"linux.seccomp: {property} is {errno} and the action {action} returns none: leave it out");
        }
    }

    // SemVer: another major version may mean anything.
    private static void CheckVersion(string version)
    {
        if (version.Length == 0)
        {
            throw SampanException.InvalidArgument("ociVersion is missing: name the version of the runtime specification");
        }

        if (!version.StartsWith("1.", StringComparison.Ordinal))
        {
            throw SampanException.InvalidArgument($"ociVersion {version} is not supported: 1.x is");
        }
    }
}
