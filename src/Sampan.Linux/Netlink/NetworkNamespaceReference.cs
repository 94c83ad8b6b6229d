using Sampan.Linux.Files;

namespace Sampan.Linux.Netlink;

/// <summary>Names another network namespace to rtnetlink: by a descriptor of it, or by a process that is in it.</summary>
public readonly struct NetworkNamespaceReference
{
    private readonly ushort _attribute;
    private readonly int _number;

    private NetworkNamespaceReference(ushort attribute, int number) => (_attribute, _number) = (attribute, number);

    /// <summary>By descriptor.</summary>
    /// <param name="networkNamespace">Stays open until the request is done.</param>
    public static NetworkNamespaceReference Of(FileDescriptor networkNamespace) => new(RouteNumbers.LinkNamespace, networkNamespace.Number);

    /// <summary>By process.</summary>
    /// <param name="pid">A process that cannot have been reaped: a child of the caller.</param>
    public static NetworkNamespaceReference OfProcess(int pid) => new(RouteNumbers.LinkNamespacePid, pid);

    internal void AddTo(NetlinkMessage message)
    {
        if (_attribute != 0)
        {
            message.Attribute(_attribute, _number);
        }
    }
}
