using System.Runtime.InteropServices;
using Sampan.Linux;
using Sampan.Oci.Images;

namespace Sampan.Registries.Platforms;

/// <summary>Platforms as users write them, os/architecture/variant, and by the names Go has for them (containerd, platforms).</summary>
public static class PlatformName
{
    private static readonly string[] OperatingSystems =
        ["aix", "android", "darwin", "dragonfly", "freebsd", "illumos", "ios", "js", "linux", "netbsd", "openbsd", "plan9", "solaris", "wasip1", "windows", "zos"];

    private static readonly string[] Architectures =
        ["386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x", "wasm"];

    /// <summary>The platform of this machine.</summary>
    public static Platform OfHost { get; } = Normalize(new Platform
    {
        Os = "linux",
        Architecture = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "amd64",
            Architecture.X86 => "386",
            Architecture.Arm64 => "arm64",
            Architecture.Arm or Architecture.Armv6 => "arm",
            Architecture.RiscV64 => "riscv64",
            Architecture.LoongArch64 => "loong64",
            Architecture.Ppc64le => "ppc64le",
            Architecture.S390x => "s390x",
            var other => other.ToString().ToLowerInvariant(),
        },
    });

    /// <summary>Reads --platform: os, architecture, os/architecture or os/architecture/variant.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <returns>The platform.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>, in containerd's words.</exception>
    public static Platform Parse(string text)
    {
        var parts = text.Split('/');
        foreach (var part in parts)
        {
            if (part.Length == 0 || !part.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.'))
            {
                throw SampanException.InvalidArgument($"\"{text}\" is an invalid component of \"{text}\": platform specifier component must match \"^[A-Za-z0-9_.-]+$\"");
            }
        }

        switch (parts)
        {
            case [var only]:
                var platform = Normalize(new Platform { Os = only, Architecture = only });
                if (OperatingSystems.Contains(platform.Os))
                {
                    return new() { Os = platform.Os, Architecture = OfHost.Architecture, Variant = OfHost.Variant };
                }

                return Architectures.Contains(platform.Architecture)
                    ? platform with { Os = OfHost.Os }
                    : throw SampanException.InvalidArgument($"\"{text}\": unknown operating system or architecture: invalid argument");
            case [var os, var architecture]:
                return Normalize(new Platform { Os = os, Architecture = architecture });
            case [var os, var architecture, var variant]:
                return Normalize(new Platform { Os = os, Architecture = architecture, Variant = variant });
            default:
                throw SampanException.InvalidArgument($"\"{text}\": cannot parse platform specifier");
        }
    }

    /// <summary>The platform by the names that count: x86_64 is amd64, an arm without variant is v7, an arm64 v8.</summary>
    /// <param name="platform">The platform.</param>
    /// <returns>The same, normalised.</returns>
    public static Platform Normalize(Platform platform)
    {
        var os = (platform.Os ?? "").ToLowerInvariant();
        var (architecture, variant) = ((platform.Architecture ?? "").ToLowerInvariant(), (platform.Variant ?? "").ToLowerInvariant());
        (architecture, variant) = (architecture, variant) switch
        {
            ("i386", _) => ("386", ""),
            ("x86_64" or "x86-64" or "amd64", "v1") => ("amd64", ""),
            ("x86_64" or "x86-64" or "amd64", _) => ("amd64", variant),
            ("aarch64" or "arm64", "" or "8" or "8.0" or "v8.0") => ("arm64", "v8"),
            ("aarch64" or "arm64", "9" or "9.0" or "v9.0") => ("arm64", "v9"),
            ("aarch64" or "arm64", _) => ("arm64", variant),
            ("armhf", _) => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            ("arm", "" or "7") => ("arm", "v7"),
            ("arm", "5" or "6" or "8") => ("arm", "v" + variant),
            _ => (architecture, variant),
        };
        return platform with { Os = os == "macos" ? "darwin" : os, Architecture = architecture, Variant = variant.Length == 0 ? null : variant };
    }

    /// <summary>The platform as users write it.</summary>
    /// <param name="platform">The platform.</param>
    /// <returns>linux/arm64/v8.</returns>
    public static string Format(Platform platform) =>
        string.Join('/', new[] { platform.Os, platform.Architecture, platform.Variant }.Where(static part => !string.IsNullOrEmpty(part)));
}
