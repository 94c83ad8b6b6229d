using Sampan.Engine.Containers;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Engine.Volumes;

public sealed partial class VolumeStore
{
    /// <summary>Makes a volume; one of that name that is there already is returned as it is.</summary>
    /// <param name="request">What is asked for.</param>
    /// <returns>The volume.</returns>
    /// <exception cref="SampanException">InvalidArgument: the name has characters a volume's name cannot have. NotFound: no such driver.</exception>
    public Volume Create(VolumeCreateRequest request)
    {
        using var held = Lock();
        return CreateLocked(request);
    }

    /// <summary>The same, under the lock the caller holds.</summary>
    internal Volume CreateLocked(VolumeCreateRequest request)
    {
        if (request.Driver is not ("" or "local"))
        {
            var what = string.IsNullOrEmpty(request.Name) ? "" : $"create {request.Name}: ";
            throw SampanException.NotFound($"{what}error looking up volume plugin {request.Driver}: plugin \"{request.Driver}\" not found");
        }

        LocalDriver.Check(request.Options);
        var anonymous = string.IsNullOrEmpty(request.Name);
        var name = anonymous ? ContainerId.Generate() : request.Name!;
        Validate(name);
        if (TryFind(name) is { } existing)
        {
            return existing;
        }

        var directory = DirectoryOf(name);
        var record = new VolumeRecord
        {
            Name = name,
            CreatedAt = DateTimeOffset.UtcNow,
            Labels = anonymous ? WithAnonymousLabel(request.Labels) : request.Labels,
            Options = request.Options,
        };

        if (Entries.Exists(directory))
        {
            // Data whose record is gone, or which somebody put there: it becomes a volume.
            Fill(directory, record);
        }
        else
        {
            MakeWhole(directory, record);
        }

        Tell("create", name);
        return new Volume(record, directory + "/_data");
    }

    /// <summary>The volume <see cref="Create"/> would make or find; nothing is made.</summary>
    internal Volume Foresee(VolumeCreateRequest request)
    {
        var name = string.IsNullOrEmpty(request.Name) ? ContainerId.Generate() : request.Name;
        return new Volume(new VolumeRecord { Name = name }, DirectoryOf(name) + "/_data");
    }

    /// <exception cref="SampanException">InvalidArgument, in docker's words.</exception>
    internal static void Validate(string name)
    {
        if (name.Length == 1)
        {
            throw SampanException.InvalidArgument($"create {name}: volume name is too short, names should be at least two alphanumeric characters");
        }

        if (!IsValid(name))
        {
            throw SampanException.InvalidArgument(
                $"create {name}: \"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. "
                + "If you intended to pass a host directory, use absolute path");
        }
    }

    private static void Fill(string directory, VolumeRecord record)
    {
        Entries.MakeDirectory(directory + "/_data", Entries.PublicDirectory);
        RecordFile.Replace(directory + "/" + RecordName, EngineJson.VolumeRecord.ToBytes(record), durable: true);
    }

    /// <summary>
    /// Under a name that says it is to go, and with the lock of who does what is to be done with it: a maker that dies leaves what the next
    /// listing deletes.
    /// </summary>
    private void MakeWhole(string directory, VolumeRecord record)
    {
        while (true)
        {
            var making = paths.Volumes + "/" + RemovingPrefix + ContainerId.Generate();
            Entries.MakeDirectory(making, Entries.PassableDirectory);
            using var held = FileDescriptor.TryOpen(making, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
            if (held is null || !DirectoryLock.TryTake(held) || FileDescriptor.TryStatus(making) is null)
            {
                // A listing came between.
                continue;
            }

            Fill(making, record);
            Entries.Rename(making, directory);
            return;
        }
    }

    private static Dictionary<string, string> WithAnonymousLabel(IReadOnlyDictionary<string, string>? labels)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in labels ?? all)
        {
            all[name] = value;
        }

        all[Volume.AnonymousLabel] = "";
        return all;
    }
}
