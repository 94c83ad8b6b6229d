using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Containers;

/// <summary>config.json of a bundle (bundle.md).</summary>
public static class BundleFile
{
    private const int LongestConfiguration = 16 << 20;

    /// <summary>Reads a bundle's configuration.</summary>
    /// <param name="bundle">The bundle's directory.</param>
    /// <returns>The file as it is; checked by <see cref="Parse"/>.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>: there is none; <see cref="ErrorKind.InvalidArgument"/>: larger than 16 MiB, or no file.</exception>
    public static byte[] Read(string bundle)
    {
        if (bundle.Contains('\0', StringComparison.Ordinal))
        {
            throw SampanException.InvalidArgument("the bundle's path contains NUL");
        }

        // Not blocking: a FIFO would wait for a writer for ever.
        var path = bundle + "/config.json";
        using var file = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking)
            ?? throw SampanException.NotFound($"JSON specification file config.json not found: {path} is not there");
        var status = file.Status();
        if (status.Type != FileType.Regular)
        {
            throw SampanException.InvalidArgument($"{path} is not a regular file");
        }

        if (status.Size > LongestConfiguration)
        {
            throw SampanException.InvalidArgument($"{path} is larger than {LongestConfiguration >> 20} MiB: this is no configuration");
        }

        try
        {
            return file.ReadToEnd(LongestConfiguration);
        }
        catch (LinuxException error)
        {
            throw new LinuxException(error.Errno, "read", path);
        }
    }

    /// <summary>Parses it.</summary>
    /// <param name="json">The file.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is no valid document, named with its place.</exception>
    public static RuntimeSpec Parse(ReadOnlySpan<byte> json)
    {
        var spec = CallersDocument.Read(json, RuntimeJson.RuntimeSpec, "config.json");
        return spec.Linux is { Resources: { } resources } linux
            ? spec with { Linux = linux with { Resources = SpecificationVersion.Read(resources, spec.OciVersion) } }
            : spec;
    }

    /// <summary>Parses a process document (exec --process).</summary>
    /// <param name="json">The file.</param>
    /// <returns>The process.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is no valid document.</exception>
    public static RuntimeProcess ParseProcess(ReadOnlySpan<byte> json) => CallersDocument.Read(json, RuntimeJson.RuntimeProcess, "the process document");
}
