using Sampan.Engine.Containers;
using Sampan.Engine.Networks;
using Sampan.Linux;

namespace Sampan.Engine.Tests.Containers;

public sealed class PortUpdateTests
{
    [Fact]
    public void Ports_come_and_go()
    {
        var record = Of("80/tcp = :8080, 80/tcp = 127.0.0.1:9000, 53/udp = :53");
        Apply(record, add: "81/tcp = :8081", remove: "80/tcp = :8080").ShouldBe("53/udp = :53, 80/tcp = 127.0.0.1:9000, 81/tcp = :8081");
        Apply(record, remove: "80/tcp = :").ShouldBe("53/udp = :53");
        Apply(record, remove: "80/tcp = 127.0.0.1:").ShouldBe("53/udp = :53, 80/tcp = :8080");
        Apply(record, remove: "80/tcp = :, 53/udp = :").ShouldBe("");

        // Both at once: a port is given to another one of the container's.
        Apply(record, add: "90/tcp = :8080", remove: "80/tcp = :8080").ShouldBe("53/udp = :53, 80/tcp = 127.0.0.1:9000, 90/tcp = :8080");
    }

    [Fact]
    public void A_port_of_the_kernels_choice_is_named_by_its_number()
    {
        var record = Of("80/tcp = :, 80/tcp = :, 81/tcp = :8000-8009");
        OpenPort Open(int inside, int outside, string asked) => new() { ContainerPort = inside, HostIp = "0.0.0.0", HostPort = outside, AskedPort = asked };
        var change = new UpdateRequest
        {
            PublishRemove = Parse("80/tcp = :32769, 81/tcp = :8003"),
            OpenPorts = [Open(80, 32768, ""), Open(80, 32769, ""), Open(81, 8003, "8000-8009")],
        };
        Text(PortUpdate.Apply(record, change)).ShouldBe("80/tcp = :");
        change.OpenPorts.Select(port => PortUpdate.Names(change.PublishRemove, port)).ShouldBe([false, true, true]);
        Refused(record, change with { OpenPorts = null }).ShouldBe("container web does not publish 32769:80/tcp");
    }

    [Fact]
    public void All_but_one_is_no_longer_all()
    {
        var record = Of("80/tcp = :8080");
        record = record with
        {
            Config = new() { ExposedPorts = new Dictionary<string, EmptyObject> { ["80/tcp"] = new(), ["81/tcp"] = new(), ["82/udp"] = new() } },
            HostConfig = record.HostConfig with { PublishAllPorts = true },
        };
        var after = PortUpdate.Apply(record, new() { PublishRemove = Parse("81/tcp = :") });
        after.HostConfig.PublishAllPorts.ShouldBeFalse();
        Text(after).ShouldBe("80/tcp = :8080, 82/udp = :");
        PortUpdate.Apply(record, new() { PublishAdd = Parse("83/tcp = :") }).HostConfig.PublishAllPorts.ShouldBeTrue();
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var record = Of("80/tcp = :8080");
        Refused(record, new() { PublishRemove = Parse("80/udp = :8080") }).ShouldBe("container web does not publish 8080:80/udp");
        Refused(record, new() { PublishRemove = Parse("80/tcp = ::1:8080") }).ShouldBe("container web does not publish [::1]:8080:80/tcp");
        Refused(record, new() { PublishAdd = Parse("80/tcp = :8080") }).ShouldBe("container web publishes 8080:80/tcp already");
        foreach (var (mode, complaint) in new[]
        {
            ("none", "nothing can be published of a container without a network"),
            ("host", "on the host's network ports are the host's already"),
            ("container:x", "conflicting options: port publishing and the container type network mode"),
        })
        {
            Refused(record with { Endpoints = null, HostConfig = new() { NetworkMode = mode } }, new() { PublishAdd = Parse("80/tcp = :") }).ShouldBe(complaint);
        }
    }

    private static ContainerRecord Of(string ports) => new()
    {
        Name = "web",
        Endpoints = [new() { Network = "bridge" }],
        HostConfig = new() { NetworkMode = "bridge", PortBindings = Parse(ports) },
    };

    private static string Apply(ContainerRecord record, string? add = null, string? remove = null) =>
        Text(PortUpdate.Apply(record, new() { PublishAdd = add is null ? null : Parse(add), PublishRemove = remove is null ? null : Parse(remove) }));

    private static string Refused(ContainerRecord record, UpdateRequest change) => Should.Throw<SampanException>(() => PortUpdate.Apply(record, change)).Message;

    private static string Text(ContainerRecord record) => string.Join(", ", (record.HostConfig.PortBindings ?? new Dictionary<string, IReadOnlyList<PortBinding>>())
        .OrderBy(static pair => pair.Key, StringComparer.Ordinal)
        .SelectMany(static pair => pair.Value.Select(binding => $"{pair.Key} = {binding.HostIp}:{binding.HostPort}")));

    private static Dictionary<string, IReadOnlyList<PortBinding>> Parse(string text)
    {
        var ports = new Dictionary<string, IReadOnlyList<PortBinding>>();
        foreach (var part in text.Split(", "))
        {
            var (key, place) = part.Split(" = ") is [var left, var right] ? (left, right) : default;
            var colon = place.LastIndexOf(':');
            ports[key] = [.. ports.GetValueOrDefault(key) ?? [], new PortBinding { HostIp = place[..colon], HostPort = place[(colon + 1)..] }];
        }

        return ports;
    }
}
