using Sampan.Engine.Explanations;
using Sampan.Json;

namespace Sampan.Cli.Commands.Containers.Explain;

/// <summary>JSON of what explain shows; every field is always there.</summary>
[JsonFormats]
[JsonFormat(typeof(ContainerExplanation))]
internal static partial class ExplainJson;
