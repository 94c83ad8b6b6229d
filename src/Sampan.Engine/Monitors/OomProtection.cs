using Sampan.Linux.Files;

namespace Sampan.Engine.Monitors;

/// <summary>
/// Spares the monitor when memory runs out: it is small, and its death would be the container's. Lowering the score needs
/// CAP_SYS_RESOURCE (proc_pid_oom_score_adj(5)); without it the monitor takes its chance.
/// </summary>
internal sealed class OomProtection
{
    private const string Path = "/proc/self/oom_score_adj";

    // As containerd's shim: below everything but what may never be killed.
    private static ReadOnlySpan<byte> Spared => "-998"u8;

    private byte[] _before = [];

    public void Engage()
    {
        using var file = FileDescriptor.TryOpen(Path, OpenFlags.ReadWrite);
        if (file is not null)
        {
            _before = file.ReadToEnd();
            _ = file.TryWrite(Spared);
        }
    }

    public void Release()
    {
        if (_before.Length > 0)
        {
            using var file = FileDescriptor.TryOpen(Path, OpenFlags.WriteOnly);
            _ = file?.TryWrite(_before);
        }
    }
}
