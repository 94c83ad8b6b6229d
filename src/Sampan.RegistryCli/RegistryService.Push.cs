using Sampan.Cli.Commands;
using Sampan.Cli.Commands.Images;
using Sampan.Cli.Commands.Registries;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Registries;
using Sampan.RegistryCli.Display;

namespace Sampan.RegistryCli;

/// <content>Pushing.</content>
internal sealed partial class RegistryService
{
    /// <inheritdoc/>
    public int Push(Session session, PushRequest request)
    {
        var reference = ImageReference.Parse(request.Image);
        var named = IsNamed(request.Image, reference);
        if (reference.Digest is not null)
        {
            throw SampanException.InvalidArgument("cannot push a digest reference");
        }

        if (request.AllTags && named)
        {
            throw SampanException.InvalidArgument("tag can't be used with --all-tags/-a");
        }

        var references = request.AllTags ? TagsOf(session.Images, reference) : [reference];
        if (!request.Quiet)
        {
            if (!named && !request.AllTags)
            {
                session.Out.WriteLine($"Using default tag: {reference.Tag}");
            }

            session.Out.WriteLine($"The push refers to repository [{reference.Name}]").Flush();
        }

        foreach (var each in references)
        {
            PushOne(session, each, request.Quiet);
        }

        if (request.Quiet)
        {
            session.Out.WriteLine(request.AllTags ? reference.Name : reference.ToString());
        }

        return 0;
    }

    private static List<ImageReference> TagsOf(ImageStore images, ImageReference repository)
    {
        List<ImageReference> references = [];
        foreach (var image in images.List())
        {
            references.AddRange(image.References.Where(reference => reference.Name == repository.Name));
        }

        references.Sort(static (left, right) => string.CompareOrdinal(left.Tag, right.Tag));
        return references.Count > 0 ? references : throw MissingImage(repository.Name);
    }

    private void PushOne(Session session, ImageReference reference, bool quiet)
    {
        if (session.Images.TryFind(reference.ToString()) is null)
        {
            throw MissingImage(reference.ToString());
        }

        session.Images.Pack(reference.ToString());
        using var image = session.Images.Send(reference.ToString());
        var relative = Relative(image.Image, reference);
        var display = new PushDisplay(session.Out, quiet, image.Image.DiffIds, relative?.FamiliarName);
        var manifest = TargetRepository.ReadManifest(image.ReadManifest(), image.MediaType, reference.Familiar);
        display.Begin(manifest.Layers);
        Client.OpenTarget(reference).PushImage(
            manifest,
            static child => throw SampanException.InvalidArgument($"manifest {child.Digest}: an index is not an image"),
            image.OpenBlob,
            new()
            {
                MountFrom = _ => relative?.Path,
                Progress = display.Sent,
                Done = display.Done,
            });
        session.Images.NoteSource(image.Image, $"{reference.Name}@{manifest.Descriptor.Digest}");
        ImageEvents.Write(session, "push", reference.Familiar, reference.FamiliarName);
        display.Finish();
        display.Say($"{reference.Tag}: digest: {manifest.Descriptor.Digest} size: {manifest.Bytes.Length}");
    }

    // Another repository of the same registry that the image came from, or went to.
    private static ImageReference? Relative(StoredImage image, ImageReference target)
    {
        foreach (var source in image.Sources)
        {
            if (ImageReference.TryParse(source, out _) is { } other && other.Domain == target.Domain && other.Path != target.Path)
            {
                return other;
            }
        }

        return null;
    }

    private static SampanException MissingImage(string name) => SampanException.NotFound($"An image does not exist locally with the tag: {ImageReference.Parse(name).FamiliarName}");
}
