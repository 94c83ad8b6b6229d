using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Mounts;
using Sampan.Linux.Processes;
using Sampan.Linux.Sockets;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>
/// Mounts and devices of a container that runs, added and taken away all or nothing: a child of the caller does it in the container's mount
/// namespace, says so, and waits. It takes everything back unless it gets leave, so that whoever records the change decides. It dies with
/// the caller, of which the container is a child as well: then there is nothing left to be taken back from.
/// </summary>
public sealed unsafe class LiveChange : IDisposable
{
    private readonly CompiledLaunch _launch;
    private readonly LaunchingProcess _process;
    private readonly FileDescriptor _status;
    private bool _ended;

    private LiveChange(CompiledLaunch launch, LaunchingProcess process)
    {
        _launch = launch;
        _process = process;
        _status = process.Status;
    }

    /// <summary>Does it, up to the point where it only needs leave to stay.</summary>
    /// <param name="request">What.</param>
    /// <param name="check">Told of each mount to be removed which path was asked for and which path it is on; throws where that is not to be.</param>
    /// <returns>The change; disposing it without <see cref="Commit"/> takes it back.</returns>
    /// <exception cref="SampanException">A step failed; nothing has changed. What <paramref name="check"/> throws.</exception>
    public static LiveChange Prepare(LiveChangeRequest request, Action<string, string> check)
    {
        var compiled = LaunchPlanCompiler.CompileChange(request);
        var change = new LiveChange(compiled.Launch, ProcessCloner.Start(compiled.Launch));
        try
        {
            change.AwaitMark('n');
            change.NameRemovals(compiled.Removals, check);
            change.Allow();
            change.AwaitMark('r');
            return change;
        }
        catch
        {
            change.Dispose();
            throw;
        }
    }

    /// <summary>It stays, once <see cref="LiveChangeRequest.Mark"/> says so: the process may be killed before it has marked it.</summary>
    public void Commit()
    {
        Allow();
        End();
    }

    /// <summary>Takes back what was not committed, and returns when that is done.</summary>
    public void Dispose()
    {
        End();
        _process.Dispose();
    }

    private void Allow() => _ = UnixSocket.TrySend(_status, "+"u8);

    private void End()
    {
        if (!_ended)
        {
            _ended = true;
            _status.Dispose();
            _ = ChildProcess.Wait(_process.PidFd);
        }
    }

    private void AwaitMark(char expected)
    {
        Span<byte> text = stackalloc byte[16];
        int count;
        while ((count = DescriptorPassing.Receive(_status, text, out var received)) > 0)
        {
            received?.Dispose();
            if (text[..count].Contains((byte)expected))
            {
                return;
            }
        }

        // It has ended, and took back what it had done.
        End();
        _launch.Plan.ThrowUnlessDone();
        throw new SampanException(ErrorKind.Internal, "the process that changes the container ended early");
    }

    /// <summary>The child's own mountinfo shows paths as seen from the root of the container's mount namespace, wherever its first process has gone.</summary>
    private void NameRemovals(IReadOnlyList<MountRemoval> removals, Action<string, string> check)
    {
        if (removals.Count == 0)
        {
            return;
        }

        var mounts = MountEntry.Parse(Encoding.Latin1.GetString(FileTree.TryRead($"/proc/{_process.Pid}/mountinfo") ?? []));
        var room = new Span<byte>(_launch.Plan.Report->CommandHead, PlanReport.HeadLength);
        foreach (var removal in removals)
        {
            var number = _launch.Plan.Register(removal.Mount);
            var mount = Find(mounts, (int)number)
                ?? throw SampanException.Conflict(
                    $"nothing is mounted at {removal.Path} now: the container has unmounted or moved it; stop the container and update it then");
            check(removal.Path, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(mount.Path)));

            var slash = mount.Path.LastIndexOf('/');
            _launch.Plan.SetRegister(removal.Directory, Put(ref room, slash == 0 ? "/" : mount.Path[..slash]));
            _launch.Plan.SetRegister(removal.Name, Put(ref room, mount.Path[(slash + 1)..]));
        }
    }

    private static MountEntry? Find(IReadOnlyList<MountEntry> mounts, int id)
    {
        foreach (var mount in mounts)
        {
            if (mount.Id == id && mount.Path != "/")
            {
                return mount;
            }
        }

        return null;
    }

    private static nint Put(ref Span<byte> room, string path)
    {
        if (path.Length >= room.Length)
        {
            throw SampanException.InvalidArgument("too many mounts to remove at once: remove some of them in a command of their own");
        }

        // Bytes as the kernel showed them; the memory is zeroed behind them. It is not the collector's and does not move.
        Encoding.Latin1.GetBytes(path, room);
        fixed (byte* start = room)
        {
            room = room[(path.Length + 1)..];
            return (nint)start;
        }
    }
}
