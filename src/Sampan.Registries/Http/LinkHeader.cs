namespace Sampan.Registries.Http;

/// <summary>The header Link, which leads from page to page (RFC 8288; distribution-spec, "Listing Tags").</summary>
internal static class LinkHeader
{
    /// <param name="values">The header's values.</param>
    /// <returns>The target of the link with rel="next"; null when there is none.</returns>
    public static string? Next(IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            var rest = value.AsSpan();
            while (rest.IndexOf('<') is var start and >= 0 && rest[start..].IndexOf('>') is var length and > 0)
            {
                var target = rest.Slice(start + 1, length - 1);
                rest = rest[(start + length + 1)..];
                var end = rest.IndexOf('<');
                var parameters = end < 0 ? rest : rest[..end];
                foreach (var range in parameters.Split(';'))
                {
                    var parameter = parameters[range].Trim(" \t,");
                    if (parameter.StartsWith("rel", StringComparison.OrdinalIgnoreCase)
                        && parameter[3..].TrimStart() is ['=', .. var relation]
                        && relation.Trim(" \t\"").Equals("next", StringComparison.OrdinalIgnoreCase))
                    {
                        return target.ToString();
                    }
                }
            }
        }

        return null;
    }
}
