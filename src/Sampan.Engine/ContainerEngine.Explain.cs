using Sampan.Engine.Containers;
using Sampan.Engine.Monitors;
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
            Mounts = resolver.Mounts,
            MountDetails = resolver.Details,
        });
        return new StartExplanation(container, Paths).Format();
    }
}
