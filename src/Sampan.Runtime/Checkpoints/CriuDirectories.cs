using Sampan.Linux;
using Sampan.Linux.Files;

namespace Sampan.Runtime.Checkpoints;

/// <summary>The directories criu works in.</summary>
internal sealed class CriuDirectories
{
    /// <summary>Name of a dump's log.</summary>
    public const string DumpLog = "dump.log";

    /// <summary>Name of a restore's log.</summary>
    public const string RestoreLog = "restore.log";

    private const int OwnerOnly = 0x1C0;
    private const int SearchByAll = 0x9;

    private CriuDirectories(CriuSettings settings, string log)
    {
        Images = settings.ImagePath;
        if (settings.WorkPath is { } path)
        {
            FileTree.MakeDirectories(path, OwnerOnly);
        }

        Log = new CriuLog(settings.WorkPath ?? settings.ImagePath, log);
        Log.Forget();
        All = settings.WorkPath is { } work ? [Images, work] : [Images];
    }

    /// <summary>The images.</summary>
    public string Images { get; }

    /// <summary>The log.</summary>
    public CriuLog Log { get; }

    /// <summary>The images', and the one for the log and what else criu leaves where that is another.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>criu's descriptor of the images.</summary>
    public static int ImagesDescriptor => CriuStart.FirstDescriptor;

    /// <summary>criu's descriptor of the work directory; null is with the images.</summary>
    public int? WorkDescriptor => All.Count > 1 ? ImagesDescriptor + 1 : null;

    /// <summary>The lowest descriptor that is free for others.</summary>
    public int NextDescriptor => ImagesDescriptor + All.Count;

    /// <summary>Makes them where they are missing.</summary>
    /// <param name="settings">Their paths.</param>
    /// <param name="mapped">The container has a user namespace: what criu restores is no longer the host's root when it looks for its images.</param>
    /// <returns>The directories.</returns>
    /// <exception cref="LinuxException">They cannot be made.</exception>
    public static CriuDirectories Make(CriuSettings settings, bool mapped)
    {
        FileTree.MakeDirectories(settings.ImagePath, mapped ? OwnerOnly | SearchByAll : OwnerOnly);
        return new(settings, DumpLog);
    }

    /// <summary>Takes those of a checkpoint.</summary>
    /// <param name="settings">Their paths.</param>
    /// <returns>The directories.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>: there are no images.</exception>
    /// <exception cref="LinuxException">The work directory cannot be made.</exception>
    public static CriuDirectories Of(CriuSettings settings) => Directory.Exists(settings.ImagePath)
        ? new(settings, RestoreLog)
        : throw SampanException.NotFound($"no checkpoint at {settings.ImagePath}: it is not a directory: name the checkpoint's with --image-path");
}
