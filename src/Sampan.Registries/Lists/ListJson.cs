using Sampan.Json;
using Sampan.Oci.Images;

namespace Sampan.Registries.Lists;

/// <summary>JSON of manifest lists.</summary>
[JsonFormats(OmitNull = true)]
[JsonFormat(typeof(ListMemberDocument))]
[JsonFormat(typeof(ListDocument))]
[JsonFormat(typeof(Platform))]
internal static partial class ListJson;
