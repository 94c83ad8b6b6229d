using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sampan.Registries.Tests.Harness;

/// <summary>Debian's docker-registry on a port of the loopback interface, with storage of its own.</summary>
internal sealed class RealRegistry : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sampan-registry-").FullName;
    private readonly Process _process;
    private readonly Task _reader;
    private readonly ManualResetEventSlim _listening = new();
    private readonly List<string> _log = [];

    /// <param name="settings">YAML below the top level: auth, and for http tls (see <see cref="Settings"/>).</param>
    public RealRegistry(Settings? settings = null)
    {
        Programs.Require("docker-registry", "docker-registry", "is the registry of these tests");
        Port = FreePort();
        var configuration = Path.Combine(_folder, "config.yml");
        File.WriteAllText(configuration, $"""
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
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec docker-registry serve \"$1\" >/dev/null", "sh", configuration]) { RedirectStandardError = true, UseShellExecute = false })!;
        _reader = Task.Factory.StartNew(() => Collect(_process.StandardError), TaskCreationOptions.LongRunning);
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

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _reader.Wait();
        _process.Dispose();
        _listening.Dispose();
        Directory.Delete(_folder, true);
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
