using System.Globalization;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Checkpoints;

/// <summary>
/// Namespaces a container shares with others, joined by path. Network and pid namespaces are left out of the images and must be there at the
/// restore; the others are written, and at the restore entered instead.
/// </summary>
internal static class ExternalNamespaces
{
    /// <summary>What a dump leaves out.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="pid">The container's first process.</param>
    /// <returns>In criu's words: TYPE[INODE]:KEY.</returns>
    /// <exception cref="LinuxException">The process is gone.</exception>
    public static IReadOnlyList<string> OfDump(RuntimeSpec spec, int pid)
    {
        var external = new List<string>();
        foreach (var item in spec.Linux?.Namespaces ?? [])
        {
            if (IsLeftOut(item))
            {
                var name = CriuName(item.Type);
                using var file = FileDescriptor.Open($"/proc/{pid}/ns/{name}", OpenFlags.ReadOnly);
                external.Add(string.Create(CultureInfo.InvariantCulture, $"{name}[{file.Status().Inode}]:{Key(name)}"));
            }
        }

        return external;
    }

    /// <summary>Opens what a dump has left out.</summary>
    /// <param name="spec">The specification.</param>
    /// <returns>Keys of the images, and what they are now; the caller's to close.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>: one is not there.</exception>
    public static IReadOnlyList<(string Key, FileDescriptor Namespace)> Open(RuntimeSpec spec)
    {
        var open = new List<(string, FileDescriptor)>();
        foreach (var item in spec.Linux?.Namespaces ?? [])
        {
            if (IsLeftOut(item))
            {
                var file = FileDescriptor.TryOpen(item.Path!, OpenFlags.ReadOnly)
                    ?? throw SampanException.NotFound($"the {item.Type} namespace {item.Path} does not exist: it was shared at the checkpoint, and must be there again");
                open.Add((Key(CriuName(item.Type)), file));
            }
        }

        return open;
    }

    /// <summary>The network namespace among them.</summary>
    /// <param name="open">What <see cref="Open"/> returned.</param>
    /// <returns>It, or null where the container has one of its own.</returns>
    public static FileDescriptor? NetworkOf(IReadOnlyList<(string Key, FileDescriptor Namespace)> open)
    {
        foreach (var (key, file) in open)
        {
            if (key == Key("net"))
            {
                return file;
            }
        }

        return null;
    }

    /// <summary>What criu enters at a restore.</summary>
    /// <param name="spec">The specification.</param>
    /// <returns>Types in criu's words, and files.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: a cgroup namespace, which criu cannot enter.</exception>
    public static IReadOnlyList<(string Type, string File)> Joined(RuntimeSpec spec)
    {
        var joined = new List<(string, string)>();
        foreach (var item in spec.Linux?.Namespaces ?? [])
        {
            if (string.IsNullOrEmpty(item.Path) || IsLeftOut(item))
            {
                continue;
            }

            if (item.Type == "cgroup")
            {
                throw SampanException.InvalidArgument($"cgroup namespace {item.Path}: criu cannot restore into a cgroup namespace that is shared: give the container one of its own");
            }

            joined.Add((CriuName(item.Type), item.Path));
        }

        return joined;
    }

    private static bool IsLeftOut(RuntimeNamespace item) => item.Type is "network" or "pid" && !string.IsNullOrEmpty(item.Path);

    private static string CriuName(string type) => type switch
    {
        "network" => "net",
        "mount" => "mnt",
        _ => type,
    };

    // runc's keys: images go from one runtime to another.
    private static string Key(string name) => name == "net" ? "extRootNetNS" : "extRootPidNS";
}
