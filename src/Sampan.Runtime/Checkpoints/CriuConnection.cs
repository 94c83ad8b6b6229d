using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Linux.Memory;
using Sampan.Linux.Processes;
using Sampan.Linux.Sockets;
using Sampan.Runtime.Launching;

namespace Sampan.Runtime.Checkpoints;

/// <summary>
/// criu as a child of ours and the socket to it: one message a packet (criu.org, "RPC", "swrk"). A criu that ends closes its end, so nobody waits for one that is gone.
/// </summary>
internal sealed class CriuConnection : IDisposable
{
    // criu's own limit for a message, and room to tell a longer one (cr-service.c).
    private const int LongestMessage = 64 << 10;
    private const int LongestComplaint = 1024;

    private readonly FileDescriptor _socket;
    private readonly FileDescriptor _output;
    private readonly LaunchedProcess _process;

    /// <summary>Starts criu.</summary>
    /// <param name="start">How.</param>
    /// <exception cref="SampanException">There is no criu, or it could not be started.</exception>
    public CriuConnection(CriuStart start)
    {
        _output = MemoryFile.Create("criu");
        _process = CriuLauncher.Launch(start, _output);
        _socket = _process.Terminal ?? throw new SampanException(ErrorKind.Internal, "criu's socket did not come");
    }

    /// <summary>criu's pid.</summary>
    public int Pid => _process.Pid;

    /// <summary>Asks and waits for the answer. Called once: criu ends with it.</summary>
    /// <param name="request">The question.</param>
    /// <param name="notified">Told where criu is, with the descriptor that came along; what it throws makes criu give up and undo, and is thrown then.</param>
    /// <returns>The answer, which may be that it failed.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: criu ended without one; others: what <paramref name="notified"/> threw.</exception>
    public CriuResponse Ask(CriuRequest request, Action<CriuResponse, FileDescriptor?>? notified = null)
    {
        Send(request);
        Exception? refusal = null;
        while (true)
        {
            var response = Receive(out var descriptor);
            using (descriptor)
            {
                if (response.Type != CriuRequestType.Notify || !response.Success)
                {
                    return refusal is null ? response : throw refusal;
                }

                try
                {
                    if (refusal is null)
                    {
                        notified?.Invoke(response, descriptor);
                    }
                }
                catch (Exception error) when (error is SampanException or LinuxException)
                {
                    refusal = error;
                }
            }

            Send(new CriuRequest(CriuRequestType.Notify) { NotifySuccess = refusal is null });
        }
    }

    /// <summary>Ends the conversation and waits for criu's end, which an end of file brings about.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _ = ChildProcess.Wait(_process.PidFd);
        _process.Dispose();
        _output.Dispose();
    }

    private void Send(CriuRequest request)
    {
        var message = request.ToArray();
        if (UnixSocket.TrySend(_socket, message) != message.Length)
        {
            throw Ended();
        }
    }

    private CriuResponse Receive(out FileDescriptor? descriptor)
    {
        var message = new byte[LongestMessage];
        var length = DescriptorPassing.Receive(_socket, message, out descriptor);
        if (length is 0 or LongestMessage)
        {
            descriptor?.Dispose();
            throw length == 0 ? Ended() : new SampanException(ErrorKind.Internal, $"criu's answer is longer than {LongestMessage} bytes");
        }

        return CriuResponse.Parse(message.AsSpan(0, length));
    }

    private SampanException Ended()
    {
        var text = new byte[LongestComplaint];
        var count = Math.Max(0, _output.ReadAt(text, Math.Max(0, _output.Status().Size - LongestComplaint)));
        var said = Encoding.UTF8.GetString(text, 0, count).Trim().Replace("\n", "; ", StringComparison.Ordinal);
        return SampanException.Unavailable(said.Length == 0 ? "criu ended without an answer" : $"criu ended without an answer: {said}");
    }
}
