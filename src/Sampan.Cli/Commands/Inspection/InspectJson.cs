using Sampan.Engine.Containers;
using Sampan.Images;
using Sampan.Json;

namespace Sampan.Cli.Commands.Inspection;

/// <summary>JSON of what inspect shows: as docker's, absent values are null and not left out, so that formats find every field.</summary>
[JsonFormats]
[JsonFormat(typeof(ContainerConfig))]
[JsonFormat(typeof(HostConfig))]
[JsonFormat(typeof(ImageInspection))]
[JsonFormat(typeof(IReadOnlyList<MountPoint>), Name = "MountPoints")]
[JsonFormat(typeof(IReadOnlyDictionary<string, string>), Name = "StringMap")]
[JsonFormat(typeof(IReadOnlyList<string>), Name = "Strings")]
internal static partial class InspectJson;
