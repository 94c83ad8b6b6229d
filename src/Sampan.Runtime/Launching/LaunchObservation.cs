namespace Sampan.Runtime.Launching;

/// <summary>How closely a start is followed by who makes it.</summary>
public enum LaunchObservation
{
    /// <summary>Not at all: the child goes on until it executes, and dies with its parent if that is asked for.</summary>
    None,

    /// <summary>
    /// The child outlives its parent only with its leave, which comes with <see cref="LaunchingProcess.Await"/>: whatever the parent has to
    /// write down first is written down. The leave is there before the child asks for it, most of the time, and then nobody waits.
    /// </summary>
    Leave,

    /// <summary>The child stops at each <see cref="LaunchPoint"/> and tells, and goes on when the parent has done its part: two turns of both.</summary>
    Points,
}
