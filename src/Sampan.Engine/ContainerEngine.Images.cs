using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>What the image says; nothing with --rootfs.</summary>
    private static ImageDefaults FindImage(ContainerCreateRequest request) =>
        request.HostConfig.Rootfs is null ? throw SampanException.NotFound($"No such image: {request.Config.Image}") : ImageDefaults.None;
}
