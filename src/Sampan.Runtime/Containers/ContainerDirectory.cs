using System.Text.Json;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Containers;

/// <summary>
/// A container on disk: ROOT/ID with state.json, config.json as it was at create (later changes of the bundle have no effect, runtime.md,
/// "create"), and the FIFO its first process waits at.
/// </summary>
/// <param name="root">Directory of all containers.</param>
/// <param name="id">The container.</param>
internal sealed class ContainerDirectory(string root, string id)
{
    private const int OwnerOnly = 0x1C0;
    private const int Sticky = 0x200;
    private const int LongestConfiguration = 16 << 20;

    public string Path { get; } = $"{root}/{id}";

    public string Gate => Path + "/start.fifo";

    private string State => Path + "/state.json";

    private string Configuration => Path + "/config.json";

    /// <summary>runc's rule; a name that is a path would leave the root (CVE-2024-21626's family).</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>.</exception>
    public static void CheckId(string id)
    {
        if (id.Length == 0)
        {
            throw SampanException.InvalidArgument("container id cannot be empty");
        }

        foreach (var character in id)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '+' or '-' or '.'))
            {
                throw SampanException.InvalidArgument($"invalid container ID format: {id}: use letters, digits and _ + - .");
            }
        }

        if (id is "." or "..")
        {
            throw SampanException.InvalidArgument($"invalid container ID format: {id}");
        }
    }

    /// <summary>Takes the id.</summary>
    /// <exception cref="SampanException"><see cref="ErrorKind.Conflict"/>: it is taken.</exception>
    public void Make()
    {
        // What is below a user's runtime directory may be cleared away by age, but for what is sticky (XDG Base Directory Specification).
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        try
        {
            FileTree.MakeDirectories(root, !string.IsNullOrEmpty(runtime) && root.StartsWith(runtime + "/", StringComparison.Ordinal) ? OwnerOnly | Sticky : OwnerOnly);
        }
        catch (LinuxException error)
        {
            throw new LinuxException(error.Errno, "make directory of all containers", root);
        }

        using var parent = FileDescriptor.Open(root, OpenFlags.Path | OpenFlags.Directory);
        if (!parent.TryMakeDirectory(id, OwnerOnly))
        {
            throw SampanException.Conflict($"container with given ID already exists: {id}: delete it, or choose another id");
        }
    }

    public void Write(ContainerRecord record) =>
        AtomicFile.Write(State, ContainerJson.ContainerRecord.ToBytes(record), durable: false);

    public void WriteConfiguration(byte[] json)
    {
        using var file = FileDescriptor.Open(Configuration, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0x180);
        file.WriteAll(json);
    }

    public void ReplaceConfiguration(RuntimeSpec spec) =>
        AtomicFile.Write(Configuration, RuntimeJson.RuntimeSpec.ToBytes(spec), durable: false);

    /// <summary>Makes the gate and opens it so that it never ends: the child that waits is a writer too (fifo(7)).</summary>
    public FileDescriptor MakeGate()
    {
        using (var directory = FileDescriptor.Open(Path, OpenFlags.Path | OpenFlags.Directory))
        {
            directory.TryMakeNode("start.fifo", FileType.Fifo, 0x180);
        }

        return FileDescriptor.Open(Gate, OpenFlags.ReadWrite);
    }

    /// <summary>Null when there is no container; a record without a pid when its create has come no further, or died.</summary>
    /// <param name="damaged">One that is damaged is replaced by what can be told without it: nothing but a name and a control group.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Internal"/>: state.json is damaged.</exception>
    public ContainerRecord? TryRead(bool damaged = false)
    {
        var json = FileTree.TryRead(State, LongestConfiguration);
        if (json is null)
        {
            // The directory is made first: a create that was killed there has left no more than a name.
            return Directory.Exists(Path) ? new ContainerRecord { Id = id } : null;
        }

        try
        {
            return ContainerJson.ContainerRecord.Parse(json);
        }
        catch (JsonException error)
        {
            return damaged
                ? ContainerGroup.Salvage(id, TryReadConfiguration())
                : throw new SampanException(ErrorKind.Internal, $"the state of container {id} is damaged: {State} is not what was written: delete it with --force", error);
        }
    }

    public RuntimeSpec ReadConfiguration() =>
        BundleFile.Parse(FileTree.TryRead(Configuration, LongestConfiguration) ?? throw SampanException.NotFound($"container {id} has no configuration: its create did not get that far"));

    public void Remove() => FileTree.Remove(Path);

    private RuntimeSpec? TryReadConfiguration()
    {
        try
        {
            return ReadConfiguration();
        }
        catch (SampanException error) when (error.Kind is ErrorKind.NotFound or ErrorKind.InvalidArgument)
        {
            return null;
        }
    }
}
