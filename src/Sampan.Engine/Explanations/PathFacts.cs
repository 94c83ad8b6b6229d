using Sampan.Engine.Containers;
using Sampan.Linux.Mounts;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Explanations;

/// <summary>Paths of /proc and /sys that a container cannot read, or not write.</summary>
internal static class PathFacts
{
    /// <summary>Compares.</summary>
    /// <param name="host">What was asked for.</param>
    /// <param name="linux">What a start covers.</param>
    /// <param name="mounts">What there is.</param>
    /// <param name="exists">Whether the kernel has a path.</param>
    public static List<Fact> Of(HostConfig host, RuntimeLinux linux, IReadOnlyList<MountEntry> mounts, Func<string, bool> exists)
    {
        var facts = new List<Fact>();
        Add(facts, linux.MaskedPaths, "hidden", host.MaskedPaths is null ? "docker's default" : "asked for by the API", Covered);
        Add(facts, linux.ReadonlyPaths, "read-only", host.ReadonlyPaths is null ? "docker's default" : "asked for by the API", ReadOnly);
        if (facts.Count == 0)
        {
            facts.Add(new Fact { Name = "/proc, /sys", Value = "nothing is hidden", Origin = host.Privileged ? "--privileged" : "--security-opt systempaths=unconfined" });
        }

        return facts;

        bool Covered(string path) => Find(mounts, path) is not null;

        bool ReadOnly(string path) => Find(mounts, path)?.Options.StartsWith("ro", StringComparison.Ordinal) == true;

        void Add(List<Fact> list, IReadOnlyList<string>? paths, string how, string origin, Func<string, bool> holds)
        {
            foreach (var path in paths ?? [])
            {
                var there = exists(path);
                var good = holds(path) || !there;
                list.Add(Fact.Of(path, !there ? "not in this kernel" : good ? how : $"not {how}", how, origin, good));
            }
        }
    }

    private static MountEntry? Find(IReadOnlyList<MountEntry> mounts, string path)
    {
        MountEntry? found = null;
        foreach (var entry in mounts)
        {
            found = entry.Path == path ? entry : found;
        }

        return found;
    }
}
