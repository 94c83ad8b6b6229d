using Sampan.Linux;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>Starts containers: a specification becomes a plan, a plan becomes a process.</summary>
public static class ContainerLauncher
{
    /// <summary>Compiles a start without doing any of it, for <c>--explain</c>.</summary>
    /// <param name="request">What to start.</param>
    /// <returns>The plan; its texts say what would be done.</returns>
    /// <exception cref="SampanException">The specification asks for what cannot be.</exception>
    public static LaunchPlan Explain(LaunchRequest request) => LaunchPlanCompiler.Compile(request).Plan;

    /// <summary>
    /// Starts a container's first process and returns when it has executed its command. The calling process must have no other mutator
    /// thread (ARCHITECTURE.md, "clone rules"); it becomes the parent and reaps.
    /// </summary>
    /// <param name="request">What to start. Its descriptors stay the caller's.</param>
    /// <param name="trace">Receives the executed plan, with times, before it is freed.</param>
    /// <returns>The process.</returns>
    /// <exception cref="SampanException">A step failed: <see cref="ErrorKind.CommandNotFound"/> and
    /// <see cref="ErrorKind.CommandNotExecutable"/> when it was the command's, with docker's words. The child has been reaped.</exception>
    public static LaunchedProcess Launch(LaunchRequest request, Action<LaunchPlan>? trace = null)
    {
        using var child = Start(request);
        return child.Await(trace);
    }

    /// <summary>The same in two: for a caller that has its part to do while the child is on its way.</summary>
    /// <param name="request">What to start.</param>
    /// <returns>The child.</returns>
    /// <exception cref="SampanException">A step of the host side failed.</exception>
    public static LaunchingProcess Start(LaunchRequest request) => ProcessCloner.Start(LaunchPlanCompiler.Compile(request));
}
