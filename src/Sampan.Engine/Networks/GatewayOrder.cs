namespace Sampan.Engine.Networks;

/// <summary>
/// Which of a container's networks has the default route, and whose names come first: docker's order (libnetwork, Endpoint.Less). Those without a
/// way out come last, then the higher priority is first, then the name.
/// </summary>
internal static class GatewayOrder
{
    /// <summary>Compares two networks of a container.</summary>
    /// <param name="left">One.</param>
    /// <param name="leftPriority">Its priority.</param>
    /// <param name="right">The other.</param>
    /// <param name="rightPriority">Its priority.</param>
    /// <returns>Below 0 where the first comes first.</returns>
    public static int Compare(NetworkRecord left, long leftPriority, NetworkRecord right, long rightPriority)
    {
        if (left.HasWayOut != right.HasWayOut)
        {
            return left.HasWayOut ? -1 : 1;
        }

        return leftPriority == rightPriority ? string.CompareOrdinal(left.Name, right.Name) : rightPriority.CompareTo(leftPriority);
    }
}
