using Sampan.Linux.Files;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>A plan and what the launcher must know besides.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="CloneArguments">Arguments of clone3(2).</param>
/// <param name="Status">Register of the parent's end of the status channel.</param>
internal sealed record CompiledLaunch(LaunchPlan Plan, CloneArguments CloneArguments, PlanRegister Status) : IDisposable
{
    /// <summary>The host side put the parent's future children into another pid namespace, which is undone after the clone.</summary>
    public bool BornInPidNamespace { get; init; }

    /// <summary>Number of the FIFO the child waits at; 0 is none. With one the parent is done when the child got there.</summary>
    public int Gate { get; init; }

    /// <summary>What the parent moves into the container's network before the child may go on.</summary>
    public NetworkDevices? NetworkDevices { get; init; }

    /// <summary>Connects the container's network; the child waits for it, later than for the rest.</summary>
    public Action<int, FileDescriptor>? Connect { get; init; }

    /// <summary>The child outlives its parent with its leave only.</summary>
    public bool AwaitsLeave { get; init; }

    /// <summary>Register of the number that the listener of a filter has in the child.</summary>
    public PlanRegister? Listener { get; init; }

    /// <summary>Takes the listener and the child's pid.</summary>
    public Action<int, FileDescriptor>? SeccompListener { get; init; }

    /// <summary>What the parent maps before the child may go on; null without a new user namespace.</summary>
    public IdMappings? IdMappings { get; init; }

    public void Dispose() => Plan.Dispose();
}
