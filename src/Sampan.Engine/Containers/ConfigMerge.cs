using Sampan.Linux;

namespace Sampan.Engine.Containers;

/// <summary>Lays what the user said over what the image says, by docker's rules (moby, daemon/commit.go, merge).</summary>
internal static class ConfigMerge
{
    /// <exception cref="SampanException">InvalidArgument: neither says what to run.</exception>
    public static ContainerConfig Merge(ContainerConfig user, ImageDefaults image)
    {
        var entrypoint = user.Entrypoint;
        var command = user.Cmd;
        if (entrypoint is not { Count: > 0 })
        {
            // An entry point of the user's takes the image's command away with it.
            command = command is { Count: > 0 } ? command : image.Cmd;
            entrypoint ??= image.Entrypoint;
        }

        // --entrypoint "" clears the image's without setting another.
        entrypoint = entrypoint is [""] or { Count: 0 } ? null : entrypoint;
        if (entrypoint is null && command is not { Count: > 0 })
        {
            throw SampanException.InvalidArgument("no command specified");
        }

        return user with
        {
            User = user.User.Length > 0 ? user.User : image.User,
            WorkingDir = user.WorkingDir.Length > 0 ? user.WorkingDir : image.WorkingDir,
            StopSignal = user.StopSignal ?? image.StopSignal,
            Healthcheck = user.Healthcheck is { } check && image.Healthcheck is { } below ? check.Over(below) : user.Healthcheck ?? image.Healthcheck,
            Env = MergeEnvironment(user.Env, image.Env),
            Labels = MergeLabels(user.Labels, image.Labels),
            Volumes = MergeSet(user.Volumes, image.Volumes),
            ExposedPorts = MergeSet(user.ExposedPorts, image.ExposedPorts),
            Entrypoint = entrypoint,
            Cmd = command,
        };
    }

    /// <summary>The program and its arguments.</summary>
    public static (string Path, IReadOnlyList<string> Args) CommandLine(ContainerConfig config)
    {
        List<string> words = [.. config.Entrypoint ?? [], .. config.Cmd ?? []];
        return (words[0], words.GetRange(1, words.Count - 1));
    }

    private static IReadOnlyList<string> MergeEnvironment(IReadOnlyList<string> user, IReadOnlyList<string> image)
    {
        if (user.Count == 0)
        {
            return image;
        }

        List<string> merged = [.. user];
        foreach (var setting in image)
        {
            if (!Sets(user, NameOf(setting)))
            {
                merged.Add(setting);
            }
        }

        return merged;
    }

    private static bool Sets(IReadOnlyList<string> environment, ReadOnlySpan<char> name)
    {
        foreach (var setting in environment)
        {
            if (NameOf(setting).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> NameOf(string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? setting : setting.AsSpan(0, equals);
    }

    private static IReadOnlyDictionary<string, string> MergeLabels(IReadOnlyDictionary<string, string> user, IReadOnlyDictionary<string, string>? image)
    {
        if (image is not { Count: > 0 })
        {
            return user;
        }

        var merged = new Dictionary<string, string>(image, StringComparer.Ordinal);
        foreach (var (name, value) in user)
        {
            merged[name] = value;
        }

        return merged;
    }

    private static IReadOnlyDictionary<string, EmptyObject>? MergeSet(IReadOnlyDictionary<string, EmptyObject>? user, IReadOnlyList<string> image)
    {
        if (image.Count == 0)
        {
            return user;
        }

        var merged = user is null ? new Dictionary<string, EmptyObject>(StringComparer.Ordinal) : new(user, StringComparer.Ordinal);
        foreach (var path in image)
        {
            merged.TryAdd(path, new EmptyObject());
        }

        return merged;
    }
}
