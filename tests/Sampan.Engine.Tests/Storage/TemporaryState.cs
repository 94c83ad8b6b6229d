using Sampan.Linux.Files;

namespace Sampan.Engine.Tests.Storage;

/// <summary>An engine's state of its own, gone with the test.</summary>
public sealed class TemporaryState : IDisposable
{
    public TemporaryState() => Directory.CreateDirectory(Base);

    public string Base { get; } = Path.Combine(Path.GetTempPath(), "sampan-engine-" + Guid.NewGuid().ToString("N"));

    public EnginePaths Paths => new(Base + "/root", Base + "/run");

    public void Dispose() => FileTree.Remove(Base);
}
