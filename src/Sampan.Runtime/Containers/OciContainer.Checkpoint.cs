using Sampan.Linux;
using Sampan.Runtime.Checkpoints;

namespace Sampan.Runtime.Containers;

/// <content>Writing it down.</content>
public sealed partial class OciContainer
{
    /// <summary>Has criu write its processes to images; unless it is to go on, it is gone afterwards, as after a delete.</summary>
    /// <param name="options">How.</param>
    /// <param name="warn">Receives what a poststop hook that failed has to say.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Conflict"/>: it does not run; <see cref="ErrorKind.Unavailable"/>: criu refuses, and the container goes on.</exception>
    public void Checkpoint(CheckpointOptions options, Action<string>? warn = null)
    {
        var status = Status;
        if (status is not (ContainerStatus.Running or ContainerStatus.Paused))
        {
            throw SampanException.Conflict($"Container cannot be checkpointed in {status.Text()} state");
        }

        new ContainerDump(Record, Spec, Cgroup, options).Run();
        if (!options.LeaveRunning && !options.PreDump)
        {
            Kill();
            Destroy(warn);
        }
    }
}
