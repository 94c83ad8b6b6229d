using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Seccomp;

/// <summary>Decides a profile's conditions for one container on this host.</summary>
public static class SeccompProfileReader
{
    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Reads a profile.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="capabilities">The container's bounding set.</param>
    /// <param name="kernel">The kernel's release, such as "6.1.0-13-amd64".</param>
    /// <returns>The policy as an OCI document has it.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not a profile.</exception>
    public static RuntimeSeccomp Read(ReadOnlySpan<byte> json, CapabilitySet capabilities, string kernel)
    {
        var profile = Parse(json);
        var version = KernelVersion(kernel);
        var rules = new List<RuntimeSyscall>();
        for (var index = 0; index < (profile.Syscalls?.Count ?? 0); index++)
        {
            var rule = profile.Syscalls![index];
            if (!IsExcluded(rule.Excludes, capabilities, version) && IsIncluded(rule.Includes, capabilities, version))
            {
                rules.Add(new() { Names = Names(rule), Action = rule.Action, ErrnoRet = rule.ErrnoRet, Args = rule.Args });
            }
        }

        return new()
        {
            DefaultAction = profile.DefaultAction,
            DefaultErrnoRet = profile.DefaultErrnoRet,
            Architectures = Architectures(profile),
            Flags = profile.Flags,
            Syscalls = rules,
        };
    }

    private static SeccompProfile Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return SeccompProfileJson.SeccompProfile.Parse(json);
        }
        catch (JsonException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"decoding seccomp profile failed: {error.Message}", error);
        }
    }

    private static IReadOnlyList<string> Names(SeccompProfileRule rule)
    {
        if (rule.Name is not { Length: > 0 } name)
        {
            return rule.Names ?? [];
        }

        return rule.Names is { Count: > 0 }
            ? throw SampanException.InvalidArgument($"seccomp profile: \"name\" and \"names\" of {name} are both given, use either")
            : [name];
    }

    private static IReadOnlyList<string>? Architectures(SeccompProfile profile)
    {
        if (profile.ArchMap is not { Count: > 0 } map)
        {
            return profile.Architectures;
        }

        if (profile.Architectures is { Count: > 0 })
        {
            throw SampanException.InvalidArgument("'architectures' and 'archMap' were specified in the seccomp profile, use either");
        }

        var native = IsArm ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";
        foreach (var entry in map)
        {
            if (entry.Architecture == native)
            {
                return [native, .. entry.SubArchitectures ?? []];
            }
        }

        return null;
    }

    private static bool IsExcluded(SeccompProfileCondition? condition, CapabilitySet capabilities, (int Major, int Minor) kernel)
    {
        if (condition is null)
        {
            return false;
        }

        var excluded = condition.Arches is { } arches && HasThisMachine(arches);
        for (var index = 0; index < (condition.Caps?.Count ?? 0); index++)
        {
            excluded |= Has(capabilities, condition.Caps![index]);
        }

        return excluded || (condition.MinKernel is { Length: > 0 } least && kernel.CompareTo(KernelVersion(least)) >= 0);
    }

    private static bool IsIncluded(SeccompProfileCondition? condition, CapabilitySet capabilities, (int Major, int Minor) kernel)
    {
        if (condition is null)
        {
            return true;
        }

        var included = condition.Arches is not { Count: > 0 } arches || HasThisMachine(arches);
        for (var index = 0; index < (condition.Caps?.Count ?? 0); index++)
        {
            included &= Has(capabilities, condition.Caps![index]);
        }

        return included && (condition.MinKernel is not { Length: > 0 } least || kernel.CompareTo(KernelVersion(least)) >= 0);
    }

    private static bool Has(CapabilitySet capabilities, string name) =>
        CapabilityNames.TryParse(name, out var capability) && capabilities.Contains(capability);

    private static bool HasThisMachine(IReadOnlyList<string> arches)
    {
        var native = IsArm ? "arm64" : "amd64";
        for (var index = 0; index < arches.Count; index++)
        {
            if (arches[index] == native)
            {
                return true;
            }
        }

        return false;
    }

    private static (int Major, int Minor) KernelVersion(string release)
    {
        var dot = release.IndexOf('.', StringComparison.Ordinal);
        var end = dot + 1;
        while (end > 0 && end < release.Length && char.IsAsciiDigit(release[end]))
        {
            end++;
        }

        return dot > 0
            && int.TryParse(release.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(release.AsSpan(dot + 1, end - dot - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? (major, minor)
            : throw SampanException.InvalidArgument($"invalid kernel version \"{release}\": not major.minor");
    }
}
