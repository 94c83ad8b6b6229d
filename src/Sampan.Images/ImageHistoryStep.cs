using Sampan.Oci.Images;

namespace Sampan.Images;

/// <summary>One step of an image's history, in the shape of docker's API (GET /images/{name}/history).</summary>
public sealed record ImageHistoryStep
{
    /// <summary>The image's id on the newest step, "&lt;missing&gt;" below.</summary>
    public string Id { get; init; } = "<missing>";

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }

    /// <summary>The command.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Names, on the newest step.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Bytes of the step's layer.</summary>
    public long Size { get; init; }

    /// <summary>A message.</summary>
    public string Comment { get; init; } = "";

    internal static IReadOnlyList<ImageHistoryStep> Of(StoredImage image)
    {
        // An image may come without history, or with one that does not fit: then a step per layer tells at least the sizes.
        var history = image.Config.History;
        var diffIds = image.DiffIds;
        if (history is null || CountLayers(history) != diffIds.Count)
        {
            history = new ImageHistory[diffIds.Count];
            Array.Fill((ImageHistory[])history, new ImageHistory { Created = image.Config.Created });
        }

        List<ImageHistoryStep> steps = [];
        var layer = diffIds.Count;
        for (var index = history.Count - 1; index >= 0; index--)
        {
            var item = history[index];
            var newest = index == history.Count - 1;
            steps.Add(new()
            {
                Id = newest ? image.Id : "<missing>",
                Created = (item.Created ?? DateTimeOffset.MinValue).ToUnixTimeSeconds(),
                CreatedBy = item.CreatedBy ?? "",
                Comment = item.Comment ?? "",
                Tags = newest && image.References.Count > 0 ? image.RepoTags : null,
                Size = item.EmptyLayer == true ? 0 : image.LayerSize(diffIds[--layer]),
            });
        }

        return steps;
    }

    private static int CountLayers(IReadOnlyList<ImageHistory> history)
    {
        var count = 0;
        foreach (var item in history)
        {
            count += item.EmptyLayer == true ? 0 : 1;
        }

        return count;
    }
}
