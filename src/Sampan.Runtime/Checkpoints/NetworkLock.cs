using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Netfilter;

namespace Sampan.Runtime.Checkpoints;

/// <summary>
/// How criu holds a network namespace still: a chain that drops all, with a jump to it from INPUT and from OUTPUT. A dump leaves it behind, so that no
/// peer is told that a connection is gone, and a restore takes it off. But a restore puts it on too, since in a new namespace it is not there; in a
/// namespace that is shared the jumps are then there twice, and criu's unlocking fails as a whole, because its chain is still in use: nothing would
/// ever get through again (criu 3.17 with iptables-nft). So before criu takes the lock off, all but one of it are taken off here.
/// </summary>
internal sealed class NetworkLock
{
    private readonly FilterChain _chain;
    private readonly int _former;

    /// <summary>Looks at a namespace before criu restores into it.</summary>
    /// <param name="networkNamespace">The namespace.</param>
    /// <exception cref="LinuxException">It cannot be entered, or its rules cannot be read.</exception>
    public NetworkLock(FileDescriptor networkNamespace)
    {
        _chain = new FilterChain(networkNamespace, "CRIU");
        _former = _chain.CountJumps();
    }

    /// <summary>Leaves what criu can take off.</summary>
    /// <exception cref="LinuxException">The rules cannot be changed.</exception>
    public void MakeSingle() => _chain.LimitJumps(1);

    /// <summary>Leaves what was there before: a restore that fails leaves its own behind.</summary>
    /// <exception cref="LinuxException">The rules cannot be changed.</exception>
    public void Undo() => _chain.LimitJumps(_former);
}
