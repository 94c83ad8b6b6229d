using System.Text.Json.Serialization;
using Sampan.Engine.Containers;
using Sampan.Images;

namespace Sampan.Cli.Commands.Inspection;

/// <summary>Source-generated JSON of what inspect shows: as docker's, absent values are null and not left out, so that formats find every field.</summary>
[JsonSerializable(typeof(ContainerConfig))]
[JsonSerializable(typeof(HostConfig))]
[JsonSerializable(typeof(ImageInspection))]
[JsonSerializable(typeof(IReadOnlyList<MountPoint>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class InspectJson : JsonSerializerContext;
