using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Linux.Capabilities;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Tests.Specs;

internal static class SpecRequests
{
    public const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static HostFacts Host { get; } = new() { Bounding = CapabilitySet.All, HasSwapLimit = true, Cpus = "0-1", MemoryNodes = "0" };

    public static RuntimeSpecRequest Of(HostConfig host, ContainerConfig? config = null) => new()
    {
        Id = Id,
        Config = config ?? new() { Cmd = ["sh"], Hostname = "box" },
        HostConfig = host,
        User = new(0, 0, [0], "/root"),
        Host = Host,
    };

    public static RuntimeSpec Build(HostConfig host, ContainerConfig? config = null) => RuntimeSpecBuilder.Build(Of(host, config));

    public static string[] Lines(RuntimeSpec spec) =>
        [.. spec.Mounts!.Select(mount => $"{mount.Destination} {mount.Type} {mount.Source} {string.Join(',', mount.Options ?? [])}")];
}
