using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Processes;

namespace Sampan.Linux.Tests.Netlink;

/// <summary>A host of the test's own: a network namespace, held open by its descriptor and gone with it.</summary>
internal sealed class NetworkHost : IDisposable
{
    private const int NewNetworkNamespace = 0x4000_0000;

    public NetworkHost()
    {
        FileDescriptor? made = null;
        var thread = new Thread(() =>
        {
            if (Kernel.Call(SystemCall.Unshare, NewNetworkNamespace) == 0)
            {
                made = FileDescriptor.Open("/proc/thread-self/ns/net", OpenFlags.ReadOnly);
            }
        });
        thread.Start();
        thread.Join();
        Namespace = made ?? throw new InvalidOperationException("no network namespace: the tests need CAP_SYS_ADMIN");
    }

    public FileDescriptor Namespace { get; }

    public void Dispose() => Namespace.Dispose();

    /// <summary>Calls a function on a thread of its own that is there: sockets it makes stay there.</summary>
    public T In<T>(Func<T> function)
    {
        T result = default!;
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                Kernel.Check(Kernel.Call(SystemCall.SetNs, Namespace.Number, NewNetworkNamespace), "setns");
                result = function();
            }
#pragma warning disable CA1031 // Handed to the caller's thread.
            catch (Exception caught)
#pragma warning restore CA1031
            {
                error = caught;
            }
        });
        thread.Start();
        thread.Join();
        return error is null ? result : throw new InvalidOperationException("in a network namespace: " + error.Message, error);
    }

    /// <summary>Runs a shell command there.</summary>
    /// <returns>What it printed on standard output.</returns>
    public string Run(string script)
    {
        var path = $"/proc/{Environment.ProcessId}/fd/{Namespace.Number}";
        var (code, output) = PipedProgram.Run("nsenter", [$"--net={path}", "sh", "-ec", script], [], 1 << 20, TestContext.Current.CancellationToken);
        code.ShouldBe(0, script);
        return System.Text.Encoding.UTF8.GetString(output);
    }
}
