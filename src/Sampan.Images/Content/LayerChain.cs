using System.Security.Cryptography;
using System.Text;
using Sampan.Linux;

namespace Sampan.Images.Content;

/// <summary>Chain ids: a layer together with all below it (image-spec, config.md, "Layer ChainID").</summary>
internal static class LayerChain
{
    // Overlay stacks 500 directories (kernel, fs/overlayfs, OVL_MAX_STACK), of which a container needs a few itself. docker takes 125.
    private const int MostLayers = 480;

    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: no container could be made of so many layers.</exception>
    public static void RequireDepth(int layers)
    {
        if (layers > MostLayers)
        {
            throw SampanException.InvalidArgument($"max depth exceeded: an image of {layers} layers, and {MostLayers} can be stacked");
        }
    }

    public static IReadOnlyList<string> Ids(IReadOnlyList<string> diffIds)
    {
        var chains = new string[diffIds.Count];
        for (var index = 0; index < chains.Length; index++)
        {
            chains[index] = index == 0
                ? diffIds[0]
                : Digest.FromHash(SHA256.HashData(Encoding.ASCII.GetBytes(chains[index - 1] + " " + diffIds[index]))).Value;
        }

        return chains;
    }
}
