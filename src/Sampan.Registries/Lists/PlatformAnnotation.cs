using Sampan.Oci.Images;

namespace Sampan.Registries.Lists;

/// <summary>What manifest annotate says of an image; what is null stays as it is.</summary>
public sealed record PlatformAnnotation
{
    private static readonly string[] Known =
    [
        "aix/ppc64", "darwin/amd64", "darwin/arm64", "dragonfly/amd64", "freebsd/386", "freebsd/amd64", "freebsd/arm", "freebsd/arm64", "linux/386", "linux/amd64", "linux/arm", "linux/arm64",
        "linux/loong64", "linux/mips64", "linux/mips64le", "linux/ppc64le", "linux/riscv64", "linux/s390x", "netbsd/386", "netbsd/amd64", "netbsd/arm", "openbsd/386", "openbsd/amd64",
        "openbsd/arm", "plan9/386", "plan9/amd64", "solaris/amd64", "wasip1/wasm", "windows/386", "windows/amd64", "windows/arm", "windows/arm64",
    ];

    /// <summary>GOARCH name.</summary>
    public string? Architecture { get; init; }

    /// <summary>GOOS name.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>Version of the operating system.</summary>
    public string? Version { get; init; }

    /// <summary>What the operating system must have; added to what is there.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>CPU variant.</summary>
    public string? Variant { get; init; }

    /// <summary>Applies it.</summary>
    /// <param name="platform">As it was.</param>
    /// <returns>As it shall be.</returns>
    public Platform Apply(Platform? platform)
    {
        platform ??= new();
        List<string> features = [.. platform.OsFeatures ?? []];
        foreach (var feature in Features)
        {
            if (!features.Contains(feature))
            {
                features.Add(feature);
            }
        }

        return platform with
        {
            Architecture = Architecture ?? platform.Architecture,
            Os = OperatingSystem ?? platform.Os,
            OsVersion = Version ?? platform.OsVersion,
            OsFeatures = features.Count > 0 ? features : null,
            Variant = Variant ?? platform.Variant,
        };
    }

    /// <summary>Whether there is such a pair of system and architecture: docker puts no other into a list.</summary>
    /// <param name="platform">The platform.</param>
    /// <returns>True when there is.</returns>
    public static bool IsKnown(Platform platform) => Array.IndexOf(Known, $"{platform.Os}/{platform.Architecture}") >= 0;
}
