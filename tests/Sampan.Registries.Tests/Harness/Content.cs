namespace Sampan.Registries.Tests.Harness;

/// <summary>Reads streams to their end.</summary>
internal static class Content
{
    public static byte[] ReadAll(this Stream stream)
    {
        using (stream)
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
    }
}
