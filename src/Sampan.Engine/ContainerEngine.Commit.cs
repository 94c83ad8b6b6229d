using Sampan.Engine.Containers;
using Sampan.Engine.Files;
using Sampan.Engine.Monitors;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Makes an image of what a container has written.</summary>
    /// <param name="container">Which.</param>
    /// <param name="request">How.</param>
    /// <returns>The image's id, sha256:…</returns>
    /// <exception cref="SampanException">InvalidArgument: a change or the reference makes no sense, or the container has no image. NotFound: its image is gone.</exception>
    public string Commit(Container container, ContainerCommitRequest request)
    {
        if (container.HostConfig.Rootfs is { } directory)
        {
            throw SampanException.InvalidArgument(
                $"container {container.Name} runs on the directory {directory} and has written into it: import that directory as an archive instead");
        }

        var parent = Images.Find(container.ImageId);
        using var frozen = request.Pause ? TryFreeze(container) : null;
        var id = Images.Commit(new CommitRequest
        {
            Parent = parent,
            UpperDirectory = container.UpperDirectory,
            Owners = container.IdMap?.ToContainer,
            Config = ToImageConfig(container.Config, parent.Config.Config ?? new ImageConfig()),
            Changes = request.Changes,
            Author = request.Author,
            Message = request.Message,
            CreatedBy = string.Join(' ', [container.Path, .. container.Args]),
            Reference = request.Reference,
            Compression = request.Compression,
            Epoch = request.Epoch,
            Verify = () => ContainerRoot.RequireThere(container),
        });
        if (frozen is { IsLost: true })
        {
            Notice?.Invoke(
                $"the monitor of container {container.Name} died meanwhile, and it did not stand still to the end: what it wrote just then may be there in part");
        }

        Events.Write(container.Record, "commit", ("comment", request.Message ?? ""), ("imageID", id), ("imageRef", request.Reference ?? ""));
        return id;
    }

    private static ImageConfig ToImageConfig(ContainerConfig config, ImageConfig image) => image with
    {
        User = config.User.Length > 0 ? config.User : null,
        Env = config.Env,
        Entrypoint = config.Entrypoint,
        Cmd = config.Cmd,
        WorkingDir = config.WorkingDir.Length > 0 ? config.WorkingDir : null,
        Labels = config.Labels.Count > 0 ? config.Labels : null,
        StopSignal = config.StopSignal,
        Healthcheck = config.Healthcheck is { } check ? ToImageHealthCheck(check) : null,
        Volumes = config.Volumes is { Count: > 0 } volumes ? ToSet(volumes.Keys) : null,
    };

    private static ImageHealthCheck ToImageHealthCheck(HealthCheck check) => new()
    {
        Test = check.Test,
        Interval = NonZero(check.Interval),
        Timeout = NonZero(check.Timeout),
        StartPeriod = NonZero(check.StartPeriod),
        StartInterval = NonZero(check.StartInterval),
        Retries = check.Retries == 0 ? null : check.Retries,
    };

    private static long? NonZero(long value) => value == 0 ? null : value;

    private static Dictionary<string, EmptySetValue> ToSet(IEnumerable<string> names)
    {
        var set = new Dictionary<string, EmptySetValue>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            set[name] = new EmptySetValue();
        }

        return set;
    }

    /// <returns>While it is open the container stands still: its monitor thaws it when this process lets go or dies. Null when it does not run.</returns>
    private MonitorConnection? TryFreeze(Container container) => TryConnect(container) is { } connection
        ? Ask(connection, new MonitorRequest { Operation = "freeze" }, FrameType.Done, container)
        : null;
}
