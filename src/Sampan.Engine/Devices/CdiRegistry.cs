using System.Text.Json;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Devices;

/// <summary>
/// Finds devices by their CDI names, vendor.com/class=name, in the JSON and YAML files of some directories. Files of a later directory win, as the
/// specification orders them. Hooks are not run: no program is started but the container's own.
/// </summary>
/// <param name="directories">Where the files are.</param>
internal sealed class CdiRegistry(params string[] directories)
{
    private const int LongestFile = 16 << 20;

    /// <summary>/etc/cdi and /var/run/cdi.</summary>
    public static CdiRegistry OfHost { get; } = new("/etc/cdi", "/var/run/cdi");

    /// <summary>What devices add to a container.</summary>
    /// <param name="names">Their names.</param>
    /// <returns>The edits in order; those of a whole kind once.</returns>
    /// <exception cref="SampanException">InvalidArgument: unknown names, a malformed file. Unavailable: a device that wants hooks.</exception>
    public IReadOnlyList<CdiEdits> Resolve(IReadOnlyList<string> names)
    {
        var files = Read();
        List<CdiEdits> edits = [];
        List<string> unknown = [];
        HashSet<CdiFile> seen = new(ReferenceEqualityComparer.Instance);
        foreach (var name in names)
        {
            var (file, device) = Find(files, name);
            if (file is null)
            {
                unknown.Add(name);
                continue;
            }

            if (file.Edits is { } common && seen.Add(file))
            {
                Add(edits, common, name);
            }

            Add(edits, device.Edits ?? new CdiEdits(), name);
        }

        return unknown.Count == 0
            ? edits
            : throw SampanException.InvalidArgument(
                $"CDI device injection failed: unresolvable CDI devices {string.Join(", ", unknown)}"
                + $": no file in {string.Join(" or ", directories)} has them");
    }

    private static void Add(List<CdiEdits> edits, CdiEdits edit, string name)
    {
        if (edit.Hooks is { Count: > 0 } hooks)
        {
            throw SampanException.Unavailable(
                $"CDI device {name} wants {hooks[0].Path} run as a hook, and no program is run but the container's own: generate its file without hooks");
        }

        edits.Add(edit);
    }

    private static (CdiFile? File, CdiDevice Device) Find(List<CdiFile> files, string name)
    {
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        for (var index = files.Count - 1; index >= 0; index--)
        {
            foreach (var device in files[index].Kind == name[..equals] ? files[index].Devices ?? [] : [])
            {
                if (device.Name == name[(equals + 1)..])
                {
                    return (files[index], device);
                }
            }
        }

        return (null, new CdiDevice());
    }

    private List<CdiFile> Read()
    {
        List<CdiFile> files = [];
        foreach (var directory in directories)
        {
            foreach (var entry in FileTree.List(directory))
            {
                var path = $"{directory}/{entry.Name}";
                var isYaml = path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal);
                if ((isYaml || path.EndsWith(".json", StringComparison.Ordinal)) && FileTree.TryRead(path, LongestFile) is { } bytes)
                {
                    files.Add(Parse(path, bytes, isYaml));
                }
            }
        }

        return files;
    }

    private static CdiFile Parse(string path, byte[] bytes, bool isYaml)
    {
        try
        {
            return CdiJson.CdiFile.Parse(isYaml ? CdiYaml.ToJson(bytes) : bytes);
        }
        catch (JsonException error)
        {
            throw SampanException.InvalidArgument($"CDI file {path}: {error.Message}");
        }
    }
}
