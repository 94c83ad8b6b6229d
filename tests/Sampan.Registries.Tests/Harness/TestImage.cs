using System.Security.Cryptography;
using System.Text;
using Sampan.Oci.Images;

namespace Sampan.Registries.Tests.Harness;

/// <summary>An image whose layers are noise.</summary>
internal sealed class TestImage
{
    private readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    public TestImage(int seed, string architecture = "amd64", params int[] layers)
    {
        var random = new Random(seed);
        List<Descriptor> descriptors = [];
        foreach (var length in layers)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            descriptors.Add(Add(bytes, MediaTypes.Layer));
        }

        var config = Encoding.UTF8.GetBytes($$$"""{"architecture":"{{{architecture}}}","os":"linux","rootfs":{"type":"layers","diff_ids":[{{{string.Join(',', descriptors.Select(layer => $"\"{layer.Digest}\""))}}}]},"config":{"Labels":{"seed":"{{{seed}}}"} } }""");
        var manifest = new ImageManifest { MediaType = MediaTypes.Manifest, Config = Add(config, MediaTypes.Config), Layers = descriptors };
        Manifest = TargetRepository.ReadManifest(ImageJson.ImageManifest.ToBytes(manifest), null, "test");
    }

    public Manifest Manifest { get; }

    public IReadOnlyList<Descriptor> Layers => Manifest.Layers;

    public byte[] this[Descriptor blob] => _blobs[blob.Digest!];

    public Stream Open(Descriptor blob, long offset) => new MemoryStream(this[blob], (int)offset, (int)(blob.Size - offset), writable: false);

    public static string DigestOf(ReadOnlySpan<byte> bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>An index of images.</summary>
    public static Manifest Index(params (Manifest Manifest, Platform? Platform)[] children)
    {
        var index = new ImageIndex
        {
            MediaType = MediaTypes.Index,
            Manifests = [.. children.Select(static child => child.Manifest.Descriptor with { Platform = child.Platform })],
        };
        return TargetRepository.ReadManifest(ImageJson.ImageIndex.ToBytes(index), null, "test");
    }

    private Descriptor Add(byte[] bytes, string mediaType)
    {
        var digest = DigestOf(bytes);
        _blobs[digest] = bytes;
        return new() { MediaType = mediaType, Digest = digest, Size = bytes.Length };
    }
}
