using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Containers;

/// <summary>What a later version of the specification reads otherwise than the version a document says it is of.</summary>
internal static class SpecificationVersion
{
    private static readonly Version ZeroIsALimit = new(1, 3);

    /// <summary>
    /// Resources as this version of the specification means them. A pids.limit of 0 was "none" before 1.3, and engines of that time write
    /// it for "unlimited": taken as a limit, their containers could start nothing.
    /// </summary>
    /// <param name="resources">As a document has them.</param>
    /// <param name="version">Its ociVersion, or that of the container it is to change.</param>
    /// <returns>The same, or without a limit that was none.</returns>
    public static RuntimeResources Read(RuntimeResources resources, string version) =>
        resources.Pids is { Limit: 0 } && !(Version.TryParse(version.Split('-', '+')[0], out var number) && number >= ZeroIsALimit)
            ? resources with { Pids = null }
            : resources;
}
