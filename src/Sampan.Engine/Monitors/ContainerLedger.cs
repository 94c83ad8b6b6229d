using Sampan.Engine.Containers;
using Sampan.Engine.Logs;
using Sampan.Engine.Storage;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Processes;
using Sampan.Linux.Sockets;

namespace Sampan.Engine.Monitors;

/// <summary>What a monitor leaves on disk: the socket's directory, the log, the state, and in the end the exit or nothing at all (--rm).</summary>
/// <param name="container">The container.</param>
/// <param name="remover">Who removes it.</param>
/// <param name="hold">The container's lock; let go when all is recorded.</param>
internal sealed class ContainerLedger(Container container, ContainerRemover remover, FileDescriptor hold)
{
    private bool Durable => !container.HostConfig.AutoRemove;

    /// <summary>Listens where commands look for the monitor. What a killed monitor left there goes.</summary>
    public FileDescriptor OpenSocket()
    {
        Entries.MakeDirectory(container.RunDirectory, Entries.PrivateDirectory);
        Entries.RemoveFile(container.RunDirectory + "/" + MonitorSocket.Name);
        using var directory = FileDescriptor.Open(container.RunDirectory, OpenFlags.Path | OpenFlags.Directory);
        return UnixSocket.Listen(directory, MonitorSocket.Name);
    }

    public ILogWriter OpenLog() => container.HostConfig.LogConfig.Type switch
    {
        "none" => new NoLogWriter(),
        _ => new JsonLogWriter(container.LogPath, LogLimits.From(container.HostConfig.LogConfig)),
    };

    public void RecordStart(int pid) => StateFile.Write(
        container.Directory,
        new ContainerState
        {
            Status = ContainerStatus.Running,
            Pid = pid,
            PidStartTime = ProcessStatus.StartTime(pid),
            StartedAt = DateTimeOffset.UtcNow,
            FinishedAt = StateFile.ReadRecorded(container.Directory).FinishedAt,
        },
        Durable);

    /// <summary>The command never ran: docker leaves such a container created, with the reason.</summary>
    public void RecordFailedStart(SampanException error)
    {
        var before = StateFile.ReadRecorded(container.Directory);
        Close(before with
        {
            Status = before.StartedAt == DateTimeOffset.MinValue ? ContainerStatus.Created : ContainerStatus.Exited,
            Pid = 0,
            PidStartTime = 0,
            ExitCode = error.Kind switch { ErrorKind.CommandNotFound => 127, ErrorKind.CommandNotExecutable => 126, _ => 128 },
            Error = error.Message,
        });
    }

    public void RecordEnd(int exitCode, bool outOfMemory) => Close(StateFile.ReadRecorded(container.Directory) with
    {
        Status = ContainerStatus.Exited,
        Pid = 0,
        PidStartTime = 0,
        ExitCode = exitCode,
        FinishedAt = DateTimeOffset.UtcNow,
        OomKilled = outOfMemory,
    });

    private void Close(ContainerState state)
    {
        if (container.HostConfig.AutoRemove)
        {
            RemoveSocket();
            remover.Remove(container, removeAnonymousVolumes: true);
        }
        else
        {
            StateFile.Write(container.Directory, state, Durable);
            RemoveSocket();
        }

        hold.Dispose();
    }

    private void RemoveSocket()
    {
        Entries.RemoveFile(container.RunDirectory + "/" + MonitorSocket.Name);
        Entries.RemoveDirectory(container.RunDirectory);
    }
}
