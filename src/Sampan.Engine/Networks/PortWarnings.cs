namespace Sampan.Engine.Networks;

/// <summary>What who publishes ports is to know.</summary>
public static class PortWarnings
{
    /// <summary>Looks at ports.</summary>
    /// <param name="ports">The container's: 80/tcp.</param>
    /// <returns>A line for each thing there is to say.</returns>
    public static IEnumerable<string> Of(IEnumerable<string> ports)
    {
        foreach (var port in ports)
        {
            if (port.EndsWith("/sctp", StringComparison.Ordinal) && !PortReservation.KernelHasSctp)
            {
                yield return $"the kernel has no SCTP sockets (module sctp): {port} is published by the packet filter alone, for programs that speak SCTP themselves";
            }
        }
    }
}
