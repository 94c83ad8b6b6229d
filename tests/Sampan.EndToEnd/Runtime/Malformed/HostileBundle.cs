using System.Text;
using System.Text.Json.Nodes;

namespace Sampan.EndToEnd.Runtime.Malformed;

/// <summary>One bundle whose config.json is replaced again and again, and what must be true after each create.</summary>
public sealed class HostileBundle : IDisposable
{
    private readonly string _id = "hostile-" + Guid.NewGuid().ToString("N")[..8];
    private readonly string _source;

    /// <summary>Makes the bundle.</summary>
    public HostileBundle()
    {
        Folder = Directory.CreateDirectory(Path.Combine(Host.Folder, "hostile")).FullName;
        _source = Directory.CreateDirectory(Path.Combine(Host.Folder, "source")).FullName;
        Host.Bundle(_id, "true");
    }

    /// <summary>The runtime with its state directory.</summary>
    public BundleHost Host { get; } = new();

    /// <summary>The bundle.</summary>
    public string Folder { get; }

    /// <summary>Its config.json.</summary>
    public string File => Path.Combine(Folder, "config.json");

    /// <summary>A full, valid configuration.</summary>
    public JsonObject Valid() => FullConfiguration.Make(Host.Rootfs, _source, $"{BundleHost.CgroupParent}/{_id}");

    /// <summary>Creates a container of a document. What is created is deleted; nothing may be left either way.</summary>
    /// <returns>The error's message; empty when it was created.</returns>
    public string Create(JsonNode config) => Create(Encoding.UTF8.GetBytes(config.ToJsonString()));

    /// <summary>The same of raw bytes.</summary>
    public string Create(byte[] config)
    {
        System.IO.File.WriteAllBytes(File, config);
        return Create();
    }

    /// <summary>The same of what lies in the bundle.</summary>
    public string Create()
    {
        var result = Host.Detached("create", "--bundle", Folder, _id);
        if (result.ExitCode == 0)
        {
            Host.Runtime("delete", "--force", _id).ExitCode.ShouldBe(0, "delete --force");
        }

        if (Host.LeftOf(_id) is { Count: > 0 } left)
        {
            // Or every attempt after it would fail too.
            Host.Runtime("delete", "--force", _id);
            left.ShouldBeEmpty(result.ToString());
        }

        return result.ExitCode == 0 ? "" : OneError(result, "create");
    }

    /// <summary>Asserts exit code 1 and one line of error; warnings may come before it.</summary>
    /// <returns>The message.</returns>
    public static string OneError(CommandResult result, string verb, int exitCode = 1)
    {
        result.ExitCode.ShouldBe(exitCode, result.ToString());
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains(" level=warning msg=", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(1, result.ToString());
        lines[0].ShouldContain($" level=error msg=\"{(verb.Length > 0 ? $"sampan-runtime {verb} failed: " : "")}", Case.Sensitive, result.ToString());
        foreach (var trace in new[] { "   at ", "Unhandled", "internal error", "Exception", "System." })
        {
            lines[0].ShouldNotContain(trace, Case.Sensitive, result.ToString());
        }

        return lines[0][(lines[0].IndexOf("msg=", StringComparison.Ordinal) + 4)..];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var left = Processes.Where(Host.Folder).ToList();
        Host.Dispose();
        left.ShouldBeEmpty("processes are left");
    }
}
