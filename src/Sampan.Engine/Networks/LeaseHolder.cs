namespace Sampan.Engine.Networks;

/// <summary>Who has an address: what the link that is the lease says.</summary>
/// <param name="Container">Full id.</param>
/// <param name="Endpoint">Id of the endpoint.</param>
/// <param name="Mac">Hardware address.</param>
/// <param name="Name">Name of the container.</param>
/// <param name="Aliases">Further names on this network.</param>
internal sealed record LeaseHolder(string Container, string Endpoint, string Mac, string Name, IReadOnlyList<string> Aliases)
{
    /// <summary>Reads it.</summary>
    /// <returns>Null where it is something else.</returns>
    public static LeaseHolder? TryParse(string text) =>
        text.Split(' ') is [var container, var endpoint, var mac, var name, .. var aliases] ? new(container, endpoint, mac, name, aliases) : null;

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', [Container, Endpoint, Mac, Name, .. Aliases]);
}
