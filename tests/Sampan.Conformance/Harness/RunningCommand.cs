using System.Diagnostics;
using System.Text;

namespace Sampan.Conformance.Harness;

/// <summary>
/// A started command with its streams piped. A container inherits them, so they may stay open after the command has ended:
/// <see cref="WaitForExit"/> waits for the command alone, <see cref="Wait"/> for everybody who holds its output.
/// </summary>
public sealed class RunningCommand : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _readers;
    private readonly string _commandLine;

    /// <summary>Starts a program.</summary>
    public RunningCommand(string program, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        _commandLine = string.Join(' ', [program, .. start.ArgumentList]);
        lock (Executable.Gate)
        {
            _process = Process.Start(start)!;
        }

        _readers = Task.WhenAll(
            Task.Factory.StartNew(() => Collect(_process.StandardOutput, _output), TaskCreationOptions.LongRunning),
            Task.Factory.StartNew(() => Collect(_process.StandardError, _error), TaskCreationOptions.LongRunning));
    }

    /// <summary>What has been written to standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>The process id of the command itself.</summary>
    public int Pid => _process.Id;

    /// <summary>Writes a line to standard input.</summary>
    public void Send(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }

    /// <summary>Closes standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits until standard output contains a text.</summary>
    public void Expect(string text)
    {
        var deadline = Stopwatch.GetTimestamp();
        lock (_output)
        {
            while (!_output.ToString().Contains(text, StringComparison.Ordinal))
            {
                var left = Patience.Limit - Stopwatch.GetElapsedTime(deadline);
                if (left <= TimeSpan.Zero || _readers.IsCompleted || !Monitor.Wait(_output, left))
                {
                    break;
                }
            }
        }

        Output.ShouldContain(text, Case.Sensitive, $"{_commandLine}\nstderr: {Read(_error)}");
    }

    /// <summary>Waits for the end of the command, whoever else still holds its streams.</summary>
    public CommandResult WaitForExit()
    {
        if (!_process.WaitForExit(Patience.Limit))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{_commandLine} does not end\nstdout: {Output}\nstderr: {Read(_error)}");
        }

        // A failed command has started nothing that could hold them open, and its message is in them.
        if (_process.ExitCode != 0)
        {
            _readers.Wait(Patience.Limit);
        }

        return Result();
    }

    /// <summary>Waits for the end of the command and of its streams.</summary>
    public CommandResult Wait()
    {
        WaitForExit();
        _readers.Wait(Patience.Limit).ShouldBeTrue($"{_commandLine} has ended, but something still holds its output open");
        return Result();
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

    private static string Read(StringBuilder from)
    {
        lock (from)
        {
            return from.ToString();
        }
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
                Monitor.PulseAll(into);
            }
        }

        lock (into)
        {
            Monitor.PulseAll(into);
        }
    }

    private CommandResult Result() => new(_commandLine, _process.ExitCode, Output, Read(_error));
}
