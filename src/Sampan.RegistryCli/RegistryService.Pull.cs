using Sampan.Cli.Commands;
using Sampan.Cli.Commands.Images;
using Sampan.Cli.Commands.Registries;
using Sampan.Images;
using Sampan.Images.Content;
using Sampan.Images.Receiving;
using Sampan.Linux;
using Sampan.Oci.Images;
using Sampan.Registries;
using Sampan.Registries.Platforms;
using Sampan.RegistryCli.Display;

namespace Sampan.RegistryCli;

/// <content>Pulling.</content>
internal sealed partial class RegistryService
{
    /// <inheritdoc/>
    public int Pull(Session session, PullRequest request)
    {
        var reference = ImageReference.Parse(request.Image);
        var isNamed = IsNamed(request.Image, reference);
        if (request.AllTags)
        {
            return isNamed ? throw SampanException.InvalidArgument("tag can't be used with --all-tags/-a") : PullAll(session, request, reference);
        }

        if (!isNamed && !request.Quiet)
        {
            session.Out.WriteLine($"Using default tag: {reference.Tag}").Flush();
        }

        var isNew = PullOne(session, reference, request);
        TellStatus(session, reference.Familiar, isNew, request.Quiet);
        session.Out.WriteLine(reference.ToString());
        return 0;
    }

    /// <inheritdoc/>
    public void Fetch(Session session, string image, string? platform, bool quiet)
    {
        var reference = ImageReference.Parse(image);
        TellStatus(session, reference.Familiar, PullOne(session, reference, new(image, AllTags: false, platform, quiet, KeyFile: null)), quiet);
    }

    private static bool IsNamed(string text, ImageReference reference) =>
        reference.Digest is not null || text.EndsWith(":" + reference.Tag, StringComparison.Ordinal);

    private static void TellStatus(Session session, string name, bool isNew, bool quiet)
    {
        if (!quiet)
        {
            session.Out.WriteLine($"Status: {(isNew ? "Downloaded newer image for" : "Image is up to date for")} {name}").Flush();
        }
    }

    private int PullAll(Session session, PullRequest request, ImageReference reference)
    {
        var isNew = false;
        foreach (var tag in Client.OpenSource(reference).ListTags())
        {
            if (!IsAttached(tag))
            {
                isNew |= PullOne(session, ImageReference.Parse($"{reference.Name}:{tag}"), request);
            }
            else if (!request.Quiet)
            {
                session.Out.WriteLine($"{tag}: Skipped: it is no image but belongs to one").Flush();
            }
        }

        TellStatus(session, reference.FamiliarName, isNew, request.Quiet);
        session.Out.WriteLine(reference.Name);
        return 0;
    }

    // sha256-HEX, and .sig or .att behind it: what cosign and referrers' lists call what is said of a manifest. It is not itself signed, so where
    // images must be it would not even be looked at.
    private static bool IsAttached(string tag)
    {
        const string prefix = "sha256-";
        const int length = 71;
        return tag.Length >= length && tag.StartsWith(prefix, StringComparison.Ordinal) && Digest.IsHexadecimal(tag.AsSpan(prefix.Length, length - prefix.Length))
            && (tag.Length == length || tag[length] == '.');
    }

    /// <returns>Of what is no image: what it is; null of an image.</returns>
    private static string? ArtifactType(Manifest manifest)
    {
        if (!MediaTypes.IsConfig(manifest.Config?.MediaType))
        {
            return manifest.ArtifactType ?? "unknown";
        }

        foreach (var layer in manifest.Layers)
        {
            if (!MediaTypes.IsLayer(layer.MediaType))
            {
                return layer.MediaType;
            }
        }

        return null;
    }

    /// <returns>Whether it was not here, or not by this name.</returns>
    private bool PullOne(Session session, ImageReference reference, PullRequest request)
    {
        using var cancellation = new CancellationTokenSource();
        var wanted = request.Platform is null ? PlatformName.OfHost : PlatformName.Parse(request.Platform);
        var source = Client.OpenSource(reference);
        var root = source.GetManifest(cancellation.Token);
        if (request.KeyFile is { } key)
        {
            Client.RequireSignature(reference, root.Descriptor.Digest!, key, cancellation.Token);
        }

        var manifest = source.ChooseImage(root, wanted, cancellation.Token);
        var display = new LayerDisplay(session.Out, request.Quiet);
        display.Say($"{(reference.Digest is null ? reference.Tag : reference.ToString())}: Pulling from {reference.Path}");
        if (ArtifactType(manifest) is { } type)
        {
            // One that was named is wanted; of all tags the images are.
            const string words = "is no image but an artifact";
            if (!request.AllTags)
            {
                throw SampanException.InvalidArgument($"unsupported media type {type}: {reference.Familiar} {words}");
            }

            display.Say($"{reference.Tag}: Skipped: it {words} of type {type}");
            return false;
        }

        var config = manifest.Config!;
        var incoming = new IncomingImage
        {
            Manifest = manifest.Descriptor,
            ManifestBytes = manifest.Bytes,
            Config = config,
            ConfigBytes = source.GetBlob(config, cancellation: cancellation.Token),
            Layers = manifest.Layers,
            Reference = reference,
            SourceDigest = root.Descriptor.Digest!,
        };
        var isNew = session.Images.Receive(
            incoming,
            (layer, already) => source.OpenBlob(layer, already, count => display.Received(layer, count), cancellation.Token),
            cancellation.Cancel,
            new() { Progress = display.Tell });
        ImageEvents.Write(session, "pull", reference.Familiar, reference.FamiliarName);
        display.Finish();
        display.Say($"Digest: {root.Descriptor.Digest}");

        // An image by itself tells in its configuration only what it was made for.
        if (request.Platform is not null && incoming.ReadPlatform() is var made && !PlatformChoice.Runs(made, wanted))
        {
            display.Say(
                $"WARNING: image with reference {reference.Familiar} was found but does not match the specified platform: "
                + $"wanted {PlatformName.Format(wanted)}, actual: {PlatformName.Format(made)}");
        }

        return isNew;
    }
}
