using System.Text.Json;
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
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>: there is none; <see cref="ErrorKind.InvalidArgument"/>: larger than 16 MiB.</exception>
    public static byte[] Read(string bundle)
    {
        var path = bundle + "/config.json";
        using var file = FileDescriptor.TryOpen(path, OpenFlags.ReadOnly)
            ?? throw SampanException.NotFound($"JSON specification file config.json not found: {path} is not there");
        if (file.Status().Size > LongestConfiguration)
        {
            throw SampanException.InvalidArgument($"{path} is larger than {LongestConfiguration >> 20} MiB: this is no configuration");
        }

        return file.ReadToEnd(LongestConfiguration);
    }

    /// <summary>Parses it. Unknown properties are ignored, as config.md demands.</summary>
    /// <param name="json">The file.</param>
    /// <returns>The specification.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is no valid document, named with its place.</exception>
    public static RuntimeSpec Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return RuntimeJson.RuntimeSpec.Parse(json);
        }
        catch (JsonException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"config.json is not valid: {error.Message}", error);
        }
    }

    /// <summary>Parses a process document (exec --process).</summary>
    /// <param name="json">The file.</param>
    /// <returns>The process.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is no valid document.</exception>
    public static RuntimeProcess ParseProcess(ReadOnlySpan<byte> json)
    {
        try
        {
            return RuntimeJson.RuntimeProcess.Parse(json);
        }
        catch (JsonException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"the process document is not valid: {error.Message}", error);
        }
    }
}
