using System.Globalization;
using System.Text;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands.Host;

/// <summary>What info and version say of the host, read from /proc and /etc.</summary>
internal static class HostFacts
{
    /// <summary>Release of the kernel.</summary>
    public static string KernelVersion => FirstLine("/proc/sys/kernel/osrelease");

    /// <summary>Name of the host.</summary>
    public static string Hostname => FirstLine("/proc/sys/kernel/hostname");

    /// <summary>GOARCH name of the machine.</summary>
    public static string Architecture => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>uname -m of the machine.</summary>
    public static string Machine => Architecture switch
    {
        "amd64" => "x86_64",
        "arm64" => "aarch64",
        var other => other,
    };

    /// <summary>The distribution, in its own words.</summary>
    public static string OperatingSystem => Value(Read("/etc/os-release"), "PRETTY_NAME=").Trim('"') is { Length: > 0 } name ? name : "Linux";

    /// <summary>Bytes of memory; 0 when the kernel does not say.</summary>
    public static long Memory =>
        long.TryParse(Value(Read("/proc/meminfo"), "MemTotal:").Replace("kB", "", StringComparison.Ordinal).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
            ? kilobytes * 1024
            : 0;

    private static string FirstLine(string path) => Read(path) is var text && text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? text[..end] : text;

    private static string Value(string text, string name)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return line[name.Length..].Trim();
            }
        }

        return "";
    }

    private static string Read(string path)
    {
        using var file = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly);
        return file is null ? "" : Encoding.UTF8.GetString(file.ReadToEnd());
    }
}
