using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Checkpoints;

/// <summary>criu's configuration file for containers, which overrides what a runtime says (criu(8), "Configuration files").</summary>
internal static class CriuConfiguration
{
    private const string Annotation = "org.criu.config";

    /// <summary>The file runc and crun name; criu passes over one that is not there.</summary>
    private const string Default = "/etc/criu/runc.conf";

    /// <summary>Which one is a container's.</summary>
    /// <param name="spec">Its specification; the annotation org.criu.config names another file, or none when it is empty.</param>
    /// <returns>A path, or null for none.</returns>
    public static string? Of(RuntimeSpec spec) =>
        spec.Annotations?.TryGetValue(Annotation, out var file) != true ? Default : file!.Length > 0 ? file : null;
}
