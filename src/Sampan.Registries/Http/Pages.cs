using System.Text.Json;
using Sampan.Json;
using Sampan.Linux;

namespace Sampan.Registries.Http;

/// <summary>Answers that come in pages, each with a link to the next.</summary>
internal static class Pages
{
    private const int MostPages = 10_000;
    private const int LongestPage = 4 << 20;

    /// <param name="sender">Asks.</param>
    /// <param name="server">The registry.</param>
    /// <param name="request">The question for the first page.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RegistryException">A link leads elsewhere or in a circle; or the registry refuses.</exception>
    public static IEnumerable<Answer> Walk(Sender sender, RegistryServer server, RegistryRequest request, CancellationToken cancellation)
    {
        var seen = new HashSet<Uri>();
        for (Uri? address = request.Address; address is not null;)
        {
            if (!seen.Add(address) || seen.Count > MostPages)
            {
                throw new RegistryException(ErrorKind.Unavailable, $"{request}: pages without end");
            }

            if (!Exchange.IsSamePlace(address, request.Address))
            {
                throw new RegistryException(ErrorKind.Unavailable, $"{request}: the next page is at another host, {address.Authority}");
            }

            var answer = sender.Ask(server, request with { Address = address }, LongestPage, cancellation);
            yield return answer;
            address = answer.Next;
        }
    }

    /// <exception cref="RegistryException">It is not of that shape.</exception>
    public static T Parse<T>(Answer answer, JsonFormat<T> format)
    {
        try
        {
            return format.Parse(answer.Body);
        }
        catch (JsonException error)
        {
            throw new RegistryException(ErrorKind.Unavailable, $"{answer.Address.GetLeftPart(UriPartial.Path)}: {error.Message}", error);
        }
    }
}
