namespace Sampan.Engine.Networks;

/// <summary>How much there is in the table inet sampan; what is in the administrator's chain does not count.</summary>
/// <param name="Rules">Rules.</param>
/// <param name="Elements">Elements of its sets: networks.</param>
/// <param name="Ports">Elements of its maps: published ports.</param>
internal sealed record FirewallContents(int Rules, int Elements, int Ports)
{
    public override string ToString() => $"{Rules} rules, {Elements} elements for networks and {Ports} for ports";
}
