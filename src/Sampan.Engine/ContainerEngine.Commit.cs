using Sampan.Engine.Containers;
using Sampan.Linux;

namespace Sampan.Engine;

public sealed partial class ContainerEngine
{
    /// <summary>Makes an image of what a container has written.</summary>
    /// <param name="container">Which.</param>
    /// <param name="request">How.</param>
    /// <returns>The image's id, sha256:…</returns>
    /// <exception cref="SampanException">InvalidArgument: a change or the reference makes no sense.</exception>
    public string Commit(Container container, ContainerCommitRequest request) => throw new NotSupportedException(container.Id + request + Paths);

    /// <summary>Every kernel operation a start would make, in order, in words; nothing is made and nothing runs.</summary>
    /// <param name="request">What is asked for.</param>
    /// <returns>Lines of text.</returns>
    /// <exception cref="SampanException">What is asked for makes no sense.</exception>
    public string Explain(ContainerCreateRequest request) => throw new NotSupportedException(request.Name + Paths);
}
