using Sampan.Json;

namespace Sampan.Runtime.Seccomp;

/// <summary>Reads profiles without reflection.</summary>
[JsonFormats(CamelCase = true, IgnoreCase = true)]
[JsonFormat(typeof(SeccompProfile))]
internal static partial class SeccompProfileJson;
