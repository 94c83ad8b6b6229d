using Sampan.Registries.Tests.Harness;

namespace Sampan.EndToEnd.Registries;

/// <summary>A registry, and a host that has busybox to push.</summary>
public sealed class RegistryHost : IDisposable
{
    /// <summary>Starts the registry.</summary>
    public RegistryHost()
    {
        try
        {
            Pusher.MakeBusybox();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>127.0.0.1:PORT.</summary>
    public string Address => Registry.Host;

    /// <summary>Who pushes.</summary>
    public ClientHost Pusher { get; } = new();

    /// <summary>The registry.</summary>
    internal RealRegistry Registry { get; } = new();

    /// <summary>Pushes busybox.</summary>
    /// <param name="name">Path and tag.</param>
    /// <returns>The name with the registry's address.</returns>
    public string PushBusybox(string name) => Push("busybox", name);

    /// <summary>Pushes an image of layers of noise.</summary>
    /// <param name="name">Path and tag.</param>
    /// <param name="layers">Bytes of each.</param>
    /// <returns>The name with the registry's address.</returns>
    public string PushNoise(string name, params int[] layers)
    {
        Pusher.MakeImage("noise:" + name.Replace(':', '-').Replace('/', '-'), layers);
        return Push("noise:" + name.Replace(':', '-').Replace('/', '-'), name);
    }

    /// <summary>Pushes an image under another name.</summary>
    /// <param name="image">The image.</param>
    /// <param name="name">Path and tag.</param>
    /// <returns>The name with the registry's address.</returns>
    public string Push(string image, string name)
    {
        Pusher.Sampan("tag", image, $"{Address}/{name}").ShouldSucceed();
        Pusher.Sampan("push", "-q", $"{Address}/{name}").ShouldSucceed().ShouldBe($"{Address}/{name}");
        return $"{Address}/{name}";
    }

    /// <summary>Layers of an image that were asked for.</summary>
    /// <param name="path">The repository.</param>
    /// <param name="since">How many requests there were before.</param>
    /// <returns>Their digests; a digest that was asked for twice is there twice.</returns>
    public IReadOnlyList<string> BlobsFetched(string path, int since = 0) =>
        [.. Registry.Requests().Skip(since).Where(request => request.StartsWith($"GET /v2/{path}/blobs/")).Select(request => request.Split(' ')[1].Split('/')[^1])];

    /// <inheritdoc/>
    public void Dispose()
    {
        Pusher.Dispose();
        Registry.Dispose();
    }
}
