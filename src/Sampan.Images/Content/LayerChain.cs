using System.Security.Cryptography;
using System.Text;

namespace Sampan.Images.Content;

/// <summary>Chain ids: a layer together with all below it (image-spec, config.md, "Layer ChainID").</summary>
internal static class LayerChain
{
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
