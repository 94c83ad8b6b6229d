using System.Text.Json;
using Sampan.Images;
using Sampan.Linux;
using Sampan.Registries.Http;
using Sampan.Registries.Lists;

namespace Sampan.Registries;

/// <content>Images for manifest lists.</content>
public sealed partial class SourceRepository
{
    /// <summary>As <see cref="GetManifest(CancellationToken)"/>, with what docker's manifest commands say of one that is missing.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The manifest or index.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.NotFound"/>: "no such manifest"; or as there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Manifest FindManifest(CancellationToken cancellation = default)
    {
        try
        {
            return GetManifest(cancellation);
        }
        catch (SampanException error) when (error.InnerException is RegistryException { IsMissing: true })
        {
            throw new SampanException(ErrorKind.NotFound, $"no such manifest: {Reference}", error);
        }
    }

    /// <summary>The image as one for a manifest list: with the platform that its configuration tells.</summary>
    /// <param name="manifest">The image's manifest; <see cref="FindManifest"/> gives it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The image.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is a list itself, or its configuration is none; or the
    /// configuration cannot be fetched.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ListMember GetMember(Manifest manifest, CancellationToken cancellation = default)
    {
        if (manifest.IsIndex)
        {
            throw ManifestListStore.ListInList(Reference);
        }

        var config = GetBlob(manifest.Config!, cancellation: cancellation);
        try
        {
            var platform = ManifestList.Complete(ListJson.Platform.Parse(config));
            return new(Reference, manifest.Descriptor with { Platform = platform }, manifest.Bytes);
        }
        catch (JsonException error)
        {
            throw new SampanException(ErrorKind.InvalidArgument, $"configuration {manifest.Config!.Digest} of {Reference}: {error.Message}", error);
        }
    }

    /// <summary>The images of a list that is in the registry, each called by its digest.</summary>
    /// <param name="index">The list; <see cref="FindManifest"/> gives it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>In the list's order, with the platforms the list says they are for.</returns>
    /// <exception cref="SampanException">One is not there, or is a list itself.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<ListMember> GetMembers(Manifest index, CancellationToken cancellation = default)
    {
        List<ListMember> members = [];
        foreach (var descriptor in index.Manifests)
        {
            var name = Reference.Name + (Reference.Tag is null ? "" : ":" + Reference.Tag);
            var reference = ImageReference.Parse($"{name}@{descriptor.Digest}");
            var manifest = GetManifest(descriptor, cancellation);
            if (manifest.IsIndex)
            {
                throw ManifestListStore.ListInList(reference);
            }

            members.Add(new(reference, manifest.Descriptor with { Platform = ManifestList.Complete(descriptor.Platform) }, manifest.Bytes));
        }

        return members;
    }
}
