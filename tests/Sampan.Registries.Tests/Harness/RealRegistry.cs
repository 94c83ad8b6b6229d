using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sampan.Registries.Tests.Harness;

/// <summary>Debian's docker-registry on a port of the loopback interface, with storage of its own.</summary>
internal sealed class RealRegistry : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sampan-registry-").FullName;
    private readonly string _configuration;
    private Process _process;
    private Task _reader;
    private readonly ManualResetEventSlim _listening = new();
    private readonly List<string> _log = [];
    private readonly IReadOnlyList<string> _within;

    /// <param name="settings">YAML below the top level: auth, and for http tls (see <see cref="Settings"/>).</param>
    /// <param name="within">A program that starts it in namespaces of a test's own: nsenter with its options.</param>
    public RealRegistry(Settings? settings = null, IReadOnlyList<string>? within = null)
    {
        _within = within ?? [];
        Programs.Require("docker-registry", "docker-registry", "is the registry of these tests");
        Port = FreePort();
        _configuration = Path.Combine(_folder, "config.yml");
        File.WriteAllText(_configuration, $"""
            version: 0.1
            log: {"{"}level: info, formatter: text{"}"}
            storage:
              filesystem: {"{"}rootdirectory: {_folder}/storage{"}"}
              delete: {"{"}enabled: true{"}"}
            http:
              addr: 127.0.0.1:{Port}
              secret: of-the-tests
            {settings?.Http}
            {settings?.Top}
            """);
        (_process, _reader) = Start();
        if (!_listening.Wait(TimeSpan.FromSeconds(20)))
        {
            Dispose();
            throw new InvalidOperationException("docker-registry does not start: " + string.Join('\n', _log));
        }
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What was asked of it and answered, as "GET /v2/app/tags/list 200": all that was answered before this is called.</summary>
    public IReadOnlyList<string> Requests()
    {
        var marker = $"/v2/{Guid.NewGuid():N}/tags/list";
        using (var client = new HttpClient())
        using (client.Send(new(HttpMethod.Get, $"http://{Host}{marker}")))
        {
            // It has answered; what is left is to read of it.
        }

        SpinWait.SpinUntil(() => Lines().Exists(line => line.Contains(marker, StringComparison.Ordinal)), TimeSpan.FromSeconds(20)).ShouldBeTrue("the log comes");
        return [.. Lines().Where(static line => line.Contains("msg=\"response completed\"", StringComparison.Ordinal))
            .Select(static line => $"{Field(line, "http.request.method")} {Field(line, "http.request.uri")} {Field(line, "http.response.status")}")];
    }

    /// <summary>Kills it as it is and starts another with the same storage, at the same port.</summary>
    public void Restart()
    {
        Kill();
        (_process, _reader) = Start();
    }

    public void Dispose()
    {
        Kill();
        _listening.Dispose();
        Directory.Delete(_folder, true);
    }

    private static string Field(string line, string name)
    {
        var start = line.IndexOf($" {name}=", StringComparison.Ordinal) + name.Length + 2;
        var end = line.IndexOf(' ', start);
        return line[start..(end < 0 ? line.Length : end)].Trim('"');
    }

    private List<string> Lines()
    {
        lock (_log)
        {
            return [.. _log];
        }
    }

    private void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _reader.Wait();
        _process.Dispose();
    }

    private (Process Process, Task Reader) Start()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null", "sh", .. _within, "docker-registry", "serve", _configuration]) { RedirectStandardError = true, UseShellExecute = false };
        var process = Process.Start(start)!;
        return (process, Task.Factory.StartNew(() => Collect(process.StandardError), TaskCreationOptions.LongRunning));
    }

    private void Collect(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            lock (_log)
            {
                _log.Add(line);
            }

            if (line.Contains("listening on", StringComparison.Ordinal))
            {
                _listening.Set();
            }
        }
    }

    /// <summary>Parts of its configuration.</summary>
    internal sealed record Settings(string Http = "", string Top = "");
}
