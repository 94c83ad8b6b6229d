using System.Globalization;
using Sampan.Linux;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Users;

/// <summary>What --userns asks for: docker's host, its daemon's remapping by the container, and podman's auto, keep-id and container.</summary>
public sealed record UsernsMode
{
    /// <summary>The way: host, remap, auto, keep-id, private or container.</summary>
    public required string Kind { get; init; }

    /// <summary>remap: whose range of user ids; empty is docker's own user. container: which.</summary>
    public string Name { get; init; } = "";

    /// <summary>remap: whose range of group ids; empty is the user's.</summary>
    public string Group { get; init; } = "";

    /// <summary>auto: how many ids; 0 is as many as the image needs.</summary>
    public uint Size { get; init; }

    /// <summary>auto: user ids that are mapped so whatever the others are.</summary>
    public IReadOnlyList<RuntimeIdMapping> Users { get; init; } = [];

    /// <summary>auto: the same for groups.</summary>
    public IReadOnlyList<RuntimeIdMapping> Groups { get; init; } = [];

    /// <summary>The container has the host's ids.</summary>
    public bool IsHost => Kind == "host";

    /// <summary>Reads it.</summary>
    /// <param name="text">As given; empty is host.</param>
    /// <returns>Null when there is no such mode.</returns>
    /// <exception cref="SampanException">InvalidArgument: a mode with options it does not have.</exception>
    public static UsernsMode? TryParse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var rest = colon < 0 ? "" : text[(colon + 1)..];
        return (colon < 0 ? text : text[..colon], rest) switch
        {
            ("" or "host" or "private", "") when colon < 0 => new() { Kind = text.Length == 0 ? "host" : text },
            ("remap", _) => Remap(rest),
            ("auto", _) => Auto(rest),
            ("keep-id", "") => new() { Kind = "keep-id" },
            ("keep-id", _) => throw SampanException.InvalidArgument(
                $"--userns keep-id keeps the ids of who starts the container, who is root, as they are, and takes no \"{rest}\": use --userns auto:uidmapping=INSIDE:OUTSIDE:COUNT"),
            ("container", { Length: > 0 }) => new() { Kind = "container", Name = rest },
            _ => null,
        };
    }

    private static UsernsMode Remap(string rest)
    {
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        var user = colon < 0 ? rest : rest[..colon];
        return new() { Kind = "remap", Name = user == "default" ? "" : user, Group = colon < 0 ? "" : rest[(colon + 1)..] };
    }

    private static UsernsMode Auto(string rest)
    {
        uint size = 0;
        List<RuntimeIdMapping> users = [], groups = [];
        foreach (var option in rest.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : option[(equals + 1)..];
            switch (equals < 0 ? option : option[..equals])
            {
                case "size" when uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size > 0:
                    break;
                case "uidmapping":
                    users.Add(ContainerIdMap.Parse(value));
                    break;
                case "gidmapping":
                    groups.Add(ContainerIdMap.Parse(value));
                    break;
                default:
                    throw SampanException.InvalidArgument($"--userns auto: invalid option \"{option}\": use size=COUNT, uidmapping=INSIDE:OUTSIDE:COUNT or gidmapping=…");
            }
        }

        return new() { Kind = "auto", Size = size, Users = users, Groups = groups };
    }
}
