namespace Sampan.Oci.Events;

/// <summary>Cache and memory bandwidth monitoring: an empty object, as runc prints for a container without such a group.</summary>
public sealed record IntelRdtStatistics;
