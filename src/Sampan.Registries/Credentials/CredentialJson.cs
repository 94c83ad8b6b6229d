using Sampan.Json;

namespace Sampan.Registries.Credentials;

/// <summary>JSON of docker's configuration and credential helpers, whose writer takes names in capitals or not.</summary>
[JsonFormats(OmitNull = true, IgnoreCase = true)]
[JsonFormat(typeof(DockerConfig))]
[JsonFormat(typeof(HelperCredential))]
[JsonFormat(typeof(IReadOnlyDictionary<string, string>), Name = "Users")]
internal static partial class CredentialJson;
