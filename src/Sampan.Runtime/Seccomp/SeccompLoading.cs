using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Seccomp;

/// <summary>What a filter is loaded with besides its program (seccomp(2), SECCOMP_SET_MODE_FILTER).</summary>
/// <param name="Flags">SECCOMP_FILTER_FLAG_ bits.</param>
/// <param name="Notifies">The filter asks an agent: loading it yields a descriptor.</param>
internal readonly record struct SeccompLoading(ulong Flags, bool Notifies)
{
    private const ulong Tsync = 1;
    private const ulong Log = 2;
    private const ulong SpecAllow = 4;
    private const ulong NewListener = 8;
    private const ulong TsyncEsrch = 16;
    private const ulong WaitKillableRecv = 32;

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: an unknown flag, or a notification nobody can get or that
    /// would stop the runtime itself.</exception>
    public static SeccompLoading From(RuntimeSeccomp? section)
    {
        if (section is null)
        {
            return new(SpecAllow, false);
        }

        var notifies = Check(section);

        // Without a list runc's default; an empty one is none.
        var flags = section.Flags is null ? SpecAllow : 0;
        for (var index = 0; index < (section.Flags?.Count ?? 0); index++)
        {
            flags |= section.Flags![index] switch
            {
                "SECCOMP_FILTER_FLAG_TSYNC" => Tsync,
                "SECCOMP_FILTER_FLAG_LOG" => Log,
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => SpecAllow,
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => WaitKillableRecv,
                var flag => throw SampanException.InvalidArgument($"seccomp flag \"{flag}\" is not supported: see config-linux.md, \"Seccomp\""),
            };
        }

        if (notifies)
        {
            // A call yields either a descriptor or the number of a thread that could not be synchronised, unless told apart.
            flags |= NewListener | ((flags & Tsync) != 0 ? TsyncEsrch : 0);
        }
        else if ((flags & WaitKillableRecv) != 0)
        {
            throw SampanException.InvalidArgument("seccomp: SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is for SCMP_ACT_NOTIFY, which no rule uses: leave it out");
        }

        return new(flags, notifies);
    }

    private static bool Check(RuntimeSeccomp section)
    {
        const string notify = "SCMP_ACT_NOTIFY";
        if (section.DefaultAction == notify)
        {
            throw SampanException.InvalidArgument("seccomp: cannot use SCMP_ACT_NOTIFY as default action");
        }

        var notifies = false;
        for (var index = 0; index < (section.Syscalls?.Count ?? 0); index++)
        {
            var rule = section.Syscalls![index];
            if (rule.Action != notify)
            {
                continue;
            }

            notifies = true;
            foreach (var name in rule.Names)
            {
                // The one call the process makes before anybody can have its notifications.
                if (name == "write")
                {
                    throw SampanException.InvalidArgument("seccomp: SCMP_ACT_NOTIFY cannot be used for the write syscall");
                }
            }
        }

        return !notifies || !string.IsNullOrEmpty(section.ListenerPath)
            ? notifies
            : throw SampanException.InvalidArgument("seccomp listenerPath is not set: SCMP_ACT_NOTIFY needs somebody to ask");
    }
}
