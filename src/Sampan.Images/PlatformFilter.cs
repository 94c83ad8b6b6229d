using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Images;

/// <summary>The platform that was asked for (--platform): os/architecture[/variant], os or architecture.</summary>
public sealed class PlatformFilter
{
    private static readonly string[] Systems = ["linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "wasip1", "js"];
    private readonly string _text;

    private PlatformFilter(string text, string? system, string? architecture, string? variant)
    {
        _text = text;
        OperatingSystem = system;
        Architecture = architecture;
        Variant = variant;
    }

    /// <summary>GOOS name; null for any.</summary>
    public string? OperatingSystem { get; }

    /// <summary>GOARCH name; null for any.</summary>
    public string? Architecture { get; }

    /// <summary>CPU variant; null for any.</summary>
    public string? Variant { get; }

    /// <summary>Reads a platform. The names that uname(1) uses are taken for Go's, as containerd does.</summary>
    /// <param name="text">As the user wrote it.</param>
    /// <returns>The platform.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is none.</exception>
    public static PlatformFilter Parse(string text)
    {
        var parts = text.ToLowerInvariant().Split('/');
        return parts switch
        {
            [var single] when Array.IndexOf(Systems, single) >= 0 => new(text, single, null, null),
            [var single] when IsArchitecture(GoName(single)) => new(text, null, GoName(single), null),
            [var system, var architecture] when Array.IndexOf(Systems, system) >= 0 && architecture.Length > 0 => new(text, system, GoName(architecture), null),
            [var system, var architecture, var variant] when Array.IndexOf(Systems, system) >= 0 && architecture.Length > 0 && variant.Length > 0 =>
                new(text, system, GoName(architecture), variant),
            _ => throw SampanException.InvalidArgument($"error parsing specified platform: \"{text}\": unknown operating system or architecture: invalid argument"),
        };
    }

    /// <summary>Whether what was made for a platform is meant.</summary>
    /// <param name="system">GOOS name.</param>
    /// <param name="architecture">GOARCH name.</param>
    /// <param name="variant">CPU variant; where it is not said, any will do.</param>
    /// <returns>True when it is.</returns>
    public bool Matches(string? system, string? architecture, string? variant) =>
        (OperatingSystem is null || OperatingSystem == system)
        && (Architecture is null || Architecture == architecture)
        && (Variant is null || variant is not { Length: > 0 } || Variant == variant);

    /// <summary>Refuses an image for another platform.</summary>
    /// <param name="image">Its configuration.</param>
    /// <param name="reference">The image as the user wrote it.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>, in docker's words.</exception>
    public void Require(ImageDocument image, string reference)
    {
        if (!Matches(image.Os, image.Architecture, image.Variant))
        {
            var actual = $"{image.Os}/{image.Architecture}{(image.Variant is { Length: > 0 } own ? "/" + own : "")}";
            throw SampanException.NotFound($"image with reference {reference} was found but does not match the specified platform: wanted {_text}, actual: {actual}");
        }
    }

    /// <summary>As the user wrote it.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _text;

    private static string GoName(string name) => name switch { "x86_64" or "x86-64" => "amd64", "aarch64" => "arm64", "i386" => "386", _ => name };

    private static bool IsArchitecture(string name) => name is "amd64" or "arm64" or "arm" or "386" or "riscv64" or "ppc64le" or "s390x" or "loong64" or "mips64le" or "wasm";
}
