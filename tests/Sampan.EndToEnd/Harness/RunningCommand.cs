using System.Diagnostics;
using System.Text;

namespace Sampan.EndToEnd.Harness;

/// <summary>A started command whose streams can be used while it runs.</summary>
public sealed class RunningCommand : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _readers;
    private readonly string _commandLine;

    /// <summary>Starts a program with its three streams piped.</summary>
    public RunningCommand(string program, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        _commandLine = string.Join(' ', start.ArgumentList);
        _process = Process.Start(start)!;
        _readers = Task.WhenAll(
            Task.Factory.StartNew(() => Collect(_process.StandardOutput, _output), TaskCreationOptions.LongRunning),
            Task.Factory.StartNew(() => Collect(_process.StandardError, _error), TaskCreationOptions.LongRunning));
    }

    /// <summary>The process id of the command itself.</summary>
    public int Pid => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Writes to its standard input.</summary>
    public void Send(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    /// <summary>The same to a command that may have said all it has to say without reading.</summary>
    /// <returns>False when it has closed its input or ended.</returns>
    public bool TrySend(string text)
    {
        try
        {
            _process.StandardInput.BaseStream.Write(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Closes its standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits until standard output contains a text.</summary>
    public void Expect(string text)
    {
        if (!Patience.Until(() => Output.Contains(text, StringComparison.Ordinal) || HasExited) || !Output.Contains(text, StringComparison.Ordinal))
        {
            // The last bytes may still have been on their way when the process was seen to be gone.
            if (HasExited)
            {
                _readers.Wait(Patience.Limit);
            }

            Output.ShouldContain(text, Case.Sensitive, $"sampan {_commandLine}\nstderr: {_error}");
        }
    }

    /// <summary>Sends a signal to the command itself.</summary>
    public void Signal(int signal) => Native.kill(Pid, signal).ShouldBe(0);

    /// <summary>Waits for its end and for the end of its streams.</summary>
    public CommandResult Wait()
    {
        if (!_process.WaitForExit(Patience.Limit))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"sampan {_commandLine} did not end within {Patience.Limit}\nstdout: {Output}\nstderr: {_error}");
        }

        _readers.Wait(Patience.Limit).ShouldBeTrue($"sampan {_commandLine} ended, but something still holds its output open");
        return new CommandResult(_commandLine, _process.ExitCode, Output, _error.ToString());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static void Collect(StreamReader reader, StringBuilder into)
    {
        var buffer = new char[16 * 1024];
        int read;
        while ((read = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            lock (into)
            {
                into.Append(buffer, 0, read);
            }
        }
    }
}
