namespace Sampan.Oci.Images;

/// <summary>The empty JSON object that is the value in a set of ports or volumes.</summary>
public sealed record EmptySetValue;
