using Sampan.Engine.Containers;
using Sampan.Engine.Explanations;
using Sampan.Engine.Monitors;
using Sampan.Engine.Networks;
using Sampan.Engine.Volumes;
using Sampan.Linux;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Every kernel operation a start would make, in order, in words; nothing is made and nothing runs.</summary>
    /// <param name="request">What is asked for.</param>
    /// <returns>Lines of text.</returns>
    /// <exception cref="SampanException">What is asked for makes no sense.</exception>
    public string Explain(ContainerCreateRequest request)
    {
        HostConfigCheck.Check(request.HostConfig);
        var image = FindImage(request);
        var id = ContainerId.Generate();
        var config = WithHostname(ConfigMerge.Merge(request.Config, image), id);
        using var ids = _idMaps.Take(request.HostConfig, () => IdsOf(image, request.HostConfig, config.User), explainOnly: true);
        request = request with { HostConfig = ids.Host };
        var resolver = new MountResolver(Volumes, Containers, make: false);
        resolver.Resolve(config, request.HostConfig);
        var (path, args) = ConfigMerge.CommandLine(config);
        var container = new Container(Paths, new ContainerRecord
        {
            Id = id,
            Name = request.Name ?? RandomName.Next(0),
            Path = path,
            Args = args,
            Layers = LayerNames(image.LayerDirectories),
            Config = config,
            HostConfig = request.HostConfig,
            Endpoints = request.Endpoints is { Count: > 0 } ? new EndpointRequest(Networks).Resolve(request.Endpoints) : null,
            Mounts = resolver.Mounts,
            MountDetails = resolver.Details,
        });
        return new StartExplanation(container, Paths).Format();
    }

    /// <summary>What a container is made of, by the kernel's own word, and where each of it comes from.</summary>
    /// <param name="container">Which.</param>
    /// <returns>The explanation; of one that does not run it is empty (<see cref="ExplainStart"/> says what there would be).</returns>
    /// <exception cref="SampanException">Something of the record cannot be worked out any more. Conflict: it ended meanwhile.</exception>
    public ContainerExplanation Explain(Container container)
    {
        var state = container.State;
        if (!state.Running || state.Pid == 0)
        {
            return new ContainerExplanation { Id = container.Id, Name = container.Name, Status = state.StatusName };
        }

        var others = new List<(string, int)>();
        foreach (var other in Containers.List())
        {
            if (other.Id != container.Id && other.State is { Running: true, Pid: > 0 } running)
            {
                others.Add((other.Name, running.Pid));
            }
        }

        try
        {
            return new ContainerExplainer(container, Paths).Explain(state, others, Images.TryFind(container.ImageId)?.Config.Config?.User);
        }
        catch (LinuxException problem) when (!container.State.Running)
        {
            throw new SampanException(ErrorKind.Conflict, $"container {container.Id} is not running", problem);
        }
    }

    /// <summary>Every kernel operation the next start of a container would make, in order, in words.</summary>
    /// <param name="container">Which.</param>
    /// <returns>Lines of text.</returns>
    /// <exception cref="SampanException">Something it needs is not there.</exception>
    public string ExplainStart(Container container) => new StartExplanation(container, Paths).Format(isThere: true);
}
