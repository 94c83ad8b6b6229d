using System.Text.Json;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images.Commits;

/// <summary>Applies the Dockerfile instructions that docker import and docker commit accept with --change.</summary>
internal sealed class ConfigChanges
{
    private readonly ImageConfig _config;
    private bool _commandGiven;

    private ConfigChanges(ImageConfig config) => _config = config;

    private VariableWords Variables => new(_config.Env);

    /// <summary>The configuration with the changes made, in order.</summary>
    /// <param name="config">The configuration before; it is not changed.</param>
    /// <param name="changes">One instruction each; blank ones do nothing.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>, naming the instruction.</exception>
    public static ImageConfig Apply(ImageConfig config, IReadOnlyList<string> changes)
    {
        var copy = new ConfigChanges(config with { });
        foreach (var change in changes)
        {
            var line = change.Trim();
            if (line.Length > 0)
            {
                copy.Apply(line);
            }
        }

        return copy._config;
    }

    private void Apply(string line)
    {
        var end = line.AsSpan().IndexOfAny(' ', '\t');
        var instruction = (end < 0 ? line : line[..end]).ToUpperInvariant();
        var rest = end < 0 ? "" : line[end..].Trim();
        if (rest.Length == 0 && instruction is not ("CMD" or "ENTRYPOINT"))
        {
            throw Bad(line, $"{instruction} requires at least one argument");
        }

        switch (instruction)
        {
            case "CMD":
                _config.Cmd = Command(rest);
                _commandGiven = true;
                break;
            case "ENTRYPOINT":
                _config.Entrypoint = Command(rest);

                // An entry point makes the base's arguments meaningless.
                _config.Cmd = _commandGiven ? _config.Cmd : null;
                break;
            case "ENV":
                _config.Env = EnvironmentChanges.Merge(_config.Env, InstructionWords.Pairs(rest, line, Variables));
                break;
            case "LABEL":
                Dictionary<string, string> labels = Copy(_config.Labels);
                foreach (var (key, value) in InstructionWords.Pairs(rest, line, Variables))
                {
                    labels[key] = value;
                }

                _config.Labels = labels;
                break;
            case "EXPOSE":
                var ports = Copy(_config.ExposedPorts);
                foreach (var word in InstructionWords.Split(rest, line, Variables))
                {
                    PortWords.AddTo(ports, word, line);
                }

                _config.ExposedPorts = ports;
                break;
            case "VOLUME":
                var volumes = Copy(_config.Volumes);
                foreach (var path in TryJson(rest) ?? InstructionWords.Split(rest, line, Variables))
                {
                    volumes[path.Length > 0 ? path : throw Bad(line, "VOLUME specified can not be an empty string")] = new();
                }

                _config.Volumes = volumes;
                break;
            case "USER":
                _config.User = Single(rest, line);
                break;
            case "WORKDIR":
                _config.WorkingDir = Path.GetFullPath(Single(rest, line), _config.WorkingDir is { Length: > 0 } current && current[0] == '/' ? current : "/");
                break;
            case "STOPSIGNAL":
                _config.StopSignal = Single(rest, line);
                break;
            case "ONBUILD":
                AddTrigger(rest, line);
                break;
            case "HEALTHCHECK":
                _config.Healthcheck = HealthCheckWords.Parse(rest, line);
                break;
            default:
                throw SampanException.InvalidArgument($"{instruction} is not a valid change command");
        }
    }

    internal static SampanException Bad(string line, string reason) => SampanException.InvalidArgument($"invalid change \"{line}\": {reason}");

    /// <summary>The strings of a JSON array, or null when the text is no such array: then it is the shell form.</summary>
    internal static IReadOnlyList<string>? TryJson(string text)
    {
        if (!text.StartsWith('['))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            List<string> words = [];
            foreach (var element in document.RootElement.EnumerateArray())
            {
                if (element.ValueKind != JsonValueKind.String)
                {
                    return null;
                }

                words.Add(element.GetString()!);
            }

            return words;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Dictionary<string, T> Copy<T>(IReadOnlyDictionary<string, T>? source) =>
        source is null ? new(StringComparer.Ordinal) : new(source, StringComparer.Ordinal);

    private string Single(string rest, string line)
    {
        var words = InstructionWords.Split(rest, line, Variables);
        return words.Count == 1 ? words[0] : throw Bad(line, "requires exactly one argument");
    }

    private IReadOnlyList<string>? Command(string rest)
    {
        if (TryJson(rest) is { } words)
        {
            return words;
        }

        return rest.Length == 0 ? null : [.. _config.Shell ?? ["/bin/sh", "-c"], rest];
    }

    private void AddTrigger(string rest, string line)
    {
        var end = rest.IndexOf(' ', StringComparison.Ordinal);
        var trigger = (end < 0 ? rest : rest[..end]).ToUpperInvariant();
        if (trigger is "ONBUILD" or "FROM" or "MAINTAINER")
        {
            throw Bad(line, trigger == "ONBUILD" ? "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed" : $"{trigger} isn't allowed as an ONBUILD trigger");
        }

        _config.OnBuild = [.. _config.OnBuild ?? [], rest];
    }
}
