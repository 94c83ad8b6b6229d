using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>What this version does not do is refused by name: nothing in a specification is silently dropped.</summary>
internal static class UnsupportedFeatures
{
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: the specification asks for one of them.</exception>
    public static void Refuse(RuntimeSpec spec)
    {
        Refuse(spec.Linux?.IntelRdt is not null, "linux.intelRdt");
        Refuse(spec.Linux?.Personality is not null, "linux.personality");
        Refuse(spec.Linux?.TimeOffsets is { Count: > 0 }, "linux.timeOffsets");
        Refuse(!string.IsNullOrEmpty(spec.Linux?.MountLabel), "linux.mountLabel");
        Refuse(spec.Process);
    }

    /// <inheritdoc cref="Refuse(RuntimeSpec)"/>
    public static void Refuse(RuntimeProcess? process)
    {
        Refuse(!string.IsNullOrEmpty(process?.ApparmorProfile), "process.apparmorProfile");
        Refuse(!string.IsNullOrEmpty(process?.SelinuxLabel), "process.selinuxLabel");
        Refuse(process?.IoPriority is not null, "process.ioPriority");
        Refuse(process?.Scheduler is not null, "process.scheduler");
        Refuse(process?.ExecCPUAffinity is not null, "process.execCPUAffinity");
    }

    private static void Refuse(bool asked, string name)
    {
        if (asked)
        {
            throw SampanException.Unavailable($"{name} is not supported: remove it from the specification");
        }
    }
}
