using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine.Volumes;

/// <summary>
/// The options of docker's local driver: type, device and o say what is mounted for the volume. It is mounted by the containers that use it, in
/// their own mount namespaces; the host never sees it.
/// </summary>
internal static class LocalDriver
{
    private static readonly string[] Known = ["device", "o", "type"];

    /// <summary>Refuses what makes no sense, in docker's words.</summary>
    /// <exception cref="SampanException">InvalidArgument.</exception>
    public static void Check(IReadOnlyDictionary<string, string>? options)
    {
        foreach (var (key, _) in options ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (Array.IndexOf(Known, key) < 0)
            {
                throw SampanException.InvalidArgument($"invalid option: \"{key}\"");
            }

            foreach (var required in (ReadOnlySpan<string>)["device", "type"])
            {
                if (!options!.ContainsKey(required))
                {
                    throw SampanException.InvalidArgument($"missing required option: \"{required}\"");
                }
            }
        }
    }

    /// <summary>What a container mounts for a volume.</summary>
    /// <returns>Null for a volume that is a directory of ours.</returns>
    public static MountDetail? DetailOf(VolumeRecord volume)
    {
        if (volume.Options?.GetValueOrDefault("device") is not { Length: > 0 } device)
        {
            return null;
        }

        List<string> options = [.. (volume.Options.GetValueOrDefault("o") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];
        return options.Remove("bind") || options.Remove("rbind")
            ? new MountDetail { Device = device }
            : new MountDetail { FileSystem = volume.Options["type"], Device = device, Options = options };
    }
}
