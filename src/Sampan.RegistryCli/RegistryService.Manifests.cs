using Sampan.Cli.Commands;
using Sampan.Cli.Commands.Manifests;
using Sampan.Images;
using Sampan.Json;
using Sampan.Linux;
using Sampan.Registries.Lists;

namespace Sampan.RegistryCli;

/// <content>Manifests and manifest lists.</content>
internal sealed partial class RegistryService
{
    private static ManifestListStore Lists => new(Options.ConfigDirectory);

    /// <inheritdoc/>
    public void AnnotateManifest(AnnotateManifestRequest request)
    {
        var list = Parse(request.List, "annotate: error parsing name for manifest list ");
        var image = Parse(request.Image, "annotate: error parsing name for manifest ");
        var member = Lists.Find(list, image) ?? throw SampanException.NotFound($"manifest for image {request.Image} does not exist in {request.List}");
        Lists.Annotate(list, member, new()
        {
            Architecture = request.Architecture,
            Features = request.Features,
            OperatingSystem = request.OperatingSystem,
            Variant = request.Variant,
            Version = request.Version,
        });
    }

    /// <inheritdoc/>
    public void CreateManifest(Session session, CreateManifestRequest request)
    {
        var list = Parse(request.List, "error parsing name for manifest list ");
        if (!request.Amend && Lists.Contains(list))
        {
            throw new SampanException(ErrorKind.Conflict, "refusing to amend an existing manifest list with no --amend flag");
        }

        var images = request.Images.Select(ImageReference.Parse).ToList();
        Reach(request.Insecure, images);

        // All of them before the first is kept: a list that lacks what was named is not begun.
        List<ListMember> members = [];
        foreach (var image in images)
        {
            // What is in the list already keeps what was said of it.
            members.Add(Lists.Find(list, image) ?? Fetch(image));
        }

        foreach (var member in members)
        {
            Lists.Add(list, member);
        }

        session.Out.WriteLine($"Created manifest list {list}");
    }

    /// <inheritdoc/>
    public void InspectManifest(Session session, InspectManifestRequest request)
    {
        var image = ImageReference.Parse(request.Image);
        if (request.List is not null)
        {
            Show(session, Lists.Find(ImageReference.Parse(request.List), image) ?? throw SampanException.NotFound($"No such manifest: {image}"), request.Verbose);
            return;
        }

        if (Lists.Contains(image))
        {
            Show(session, image, Lists.Read(image), request.Verbose);
            return;
        }

        Reach(request.Insecure, [image]);
        var source = Client.OpenSource(image);
        var manifest = source.FindManifest();
        if (!request.Verbose)
        {
            Show(session, manifest.IsIndex ? ManifestList.Format(manifest.Manifests) : JsonIndentation.Indent(manifest.Bytes.Span, "\t"u8));
        }
        else if (manifest.IsIndex)
        {
            Show(session, image, source.GetMembers(manifest), verbose: true);
        }
        else
        {
            Show(session, source.GetMember(manifest), verbose: true);
        }
    }

    /// <inheritdoc/>
    public void PushManifest(Session session, PushManifestRequest request)
    {
        var list = ImageReference.Parse(request.List);
        var members = Lists.Read(list);
        Reach(request.Insecure, [list]);
        var digest = Client.PushList(
            list, members, (repository, pushed) => session.Out.WriteLine($"Pushed ref {repository}@{pushed} with digest: {pushed}").Flush());
        session.Out.WriteLine(digest).Flush();
        if (request.Purge)
        {
            Lists.Remove(list);
        }
    }

    /// <inheritdoc/>
    public void RemoveManifest(string list) => Lists.Remove(ImageReference.Parse(list));

    private static ImageReference Parse(string text, string before) =>
        ImageReference.TryParse(text, out var error) ?? throw SampanException.InvalidArgument($"{before}{text}: {error}");

    private static void Show(Session session, ListMember member, bool verbose) =>
        Show(session, JsonIndentation.Indent(verbose ? member.ToJson() : member.Bytes.Span, "\t"u8));

    private static void Show(Session session, ImageReference list, IReadOnlyList<ListMember> members, bool verbose)
    {
        if (!verbose)
        {
            Show(session, ManifestList.Format(list, members));
            return;
        }

        List<byte> documents = [(byte)'['];
        foreach (var member in members)
        {
            documents.AddRange(documents.Count > 1 ? ","u8 : []);
            documents.AddRange(member.ToJson().AsSpan());
        }

        documents.Add((byte)']');
        Show(session, JsonIndentation.Indent(documents.ToArray(), "\t"u8));
    }

    private static void Show(Session session, byte[] document)
    {
        session.Out.WriteBytes(document);
        session.Out.WriteLine();
    }

    private ListMember Fetch(ImageReference image)
    {
        var source = Client.OpenSource(image);
        return source.GetMember(source.FindManifest());
    }

    // --insecure is for the registries of the images that are named, and for this command.
    private void Reach(bool insecure, IEnumerable<ImageReference> images)
    {
        if (insecure)
        {
            _client = new(Options with { InsecureRegistries = [.. images.Select(static image => image.Domain).Distinct(StringComparer.Ordinal)] });
        }
    }
}
