using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Engine.Containers;

/// <summary>Whether an image is for the platform that was asked for (--platform).</summary>
internal static class ImagePlatform
{
    private static readonly string[] Systems = ["linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "wasip1", "js"];

    /// <param name="image">The image's configuration.</param>
    /// <param name="platform">os/architecture[/variant], os or architecture.</param>
    /// <param name="reference">The image as the user wrote it.</param>
    /// <exception cref="SampanException">InvalidArgument: not a platform. NotFound: the image is for another.</exception>
    public static void Require(ImageDocument image, string platform, string reference)
    {
        var (system, architecture, variant) = Parse(platform);
        var actual = $"{image.Os}/{image.Architecture}{(image.Variant is { Length: > 0 } own ? "/" + own : "")}";
        if ((system is not null && system != image.Os)
            || (architecture is not null && architecture != image.Architecture)
            || (variant is not null && image.Variant is { Length: > 0 } && variant != image.Variant))
        {
            throw SampanException.NotFound($"image with reference {reference} was found but does not match the specified platform: wanted {platform}, actual: {actual}");
        }
    }

    // The names uname(1) uses are taken for Go's, as containerd does.
    private static (string? System, string? Architecture, string? Variant) Parse(string platform)
    {
        var parts = platform.ToLowerInvariant().Split('/');
        return parts switch
        {
            [var single] when Array.IndexOf(Systems, single) >= 0 => (single, null, null),
            [var single] when IsArchitecture(Architecture(single)) => (null, Architecture(single), null),
            [var system, var architecture] when Array.IndexOf(Systems, system) >= 0 && architecture.Length > 0 => (system, Architecture(architecture), null),
            [var system, var architecture, var variant] when Array.IndexOf(Systems, system) >= 0 && architecture.Length > 0 && variant.Length > 0 =>
                (system, Architecture(architecture), variant),
            _ => throw SampanException.InvalidArgument($"error parsing specified platform: \"{platform}\": unknown operating system or architecture: invalid argument"),
        };
    }

    private static string Architecture(string name) => name switch { "x86_64" or "x86-64" => "amd64", "aarch64" => "arm64", "i386" => "386", _ => name };

    private static bool IsArchitecture(string name) => name is "amd64" or "arm64" or "arm" or "386" or "riscv64" or "ppc64le" or "s390x" or "loong64" or "mips64le" or "wasm";
}
