namespace Sampan.Linux.Netlink;

/// <summary>A device that is made inside a container's namespace.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Index">Its number there, which the maker chooses (free in a namespace of one's own making); 0 for the kernel's choice.</param>
/// <param name="Mac">Its hardware address.</param>
/// <param name="Namespace">The namespace; default is the caller's own.</param>
public sealed record NewInterface(string Name, int Index, MacAddress Mac, NetworkNamespaceReference Namespace);
