using Sampan.Images.Commits;
using Sampan.Images.Content;
using Sampan.Images.Layers;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Oci.Images;

namespace Sampan.Images;

public sealed partial class ImageStore
{
    /// <summary>Makes an image of a container's changes. The container should be stopped or frozen meanwhile.</summary>
    /// <param name="request">What and how.</param>
    /// <returns>The image's id.</returns>
    /// <exception cref="SampanException">Bad name, bad change, something a layer cannot express, or the disk is full.</exception>
    /// <exception cref="LinuxException">The kernel refused. Nothing is left behind.</exception>
    public string Commit(CommitRequest request)
    {
        var reference = request.Reference is null ? null : ParseTag(request.Reference);
        var config = ConfigChanges.Apply(request.Config, request.Changes);
        var parent = request.Parent;
        var images = Write(writer =>
        {
            var layer = StageChanges(writer, request);
            request.Verify?.Invoke();
            List<Descriptor> layers = parent is null ? [] : [.. ManifestOf(parent).Layers ?? []];
            List<string> diffIds = [.. parent?.DiffIds ?? []];
            if (layer is not null)
            {
                layers.Add(layer.Value.Blob);
                diffIds.Add(layer.Value.DiffId.Value);
            }

            LayerChain.RequireDepth(diffIds.Count);
            var created = request.Epoch ?? DateTimeOffset.UtcNow;
            var step = new ImageHistory
            {
                Created = created,
                CreatedBy = request.CreatedBy,
                Author = request.Author,
                Comment = request.Message,
                EmptyLayer = layer is null ? true : null,
            };
            var document = (parent?.Config ?? new ImageDocument { Architecture = HostArchitecture, Os = "linux" }) with
            {
                Created = created,
                Author = request.Author,
                Config = config,
                RootFileSystem = new() { DiffIds = diffIds },
                History = [.. parent?.Config.History ?? [], step],
            };
            return [new(reference, StageImage(writer, document, layers))];
        });
        return images[0].Entry.Id()!;
    }

    private static (Descriptor Blob, Digest DiffId)? StageChanges(StoreWriter writer, CommitRequest request)
    {
        using var upper = FileDescriptor.Open(request.UpperDirectory, OpenFlags.ReadOnly | OpenFlags.Directory);
        return new LayerBuilder(writer, request.Compression, request.Epoch).Build(upper, request.Owners);
    }

    private ImageManifest ManifestOf(StoredImage image)
    {
        var what = "image " + (image.References.Count > 0 ? image.References[0].Familiar : image.Id);
        return _blobs.ReadDocument(Digest.Parse(image.Digest), what, ImageJson.ImageManifest);
    }
}
