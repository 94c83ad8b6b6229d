namespace Sampan.Runtime.Plans;

/// <summary>Which process executes a step.</summary>
public enum PlanSide
{
    /// <summary>The monitor (or runtime), outside the container.</summary>
    Host,

    /// <summary>The cloned child, on its way into the container.</summary>
    Container,

    /// <summary>The command the user typed.</summary>
    Command,

    /// <summary>The command's cloned child, on its way to becoming the monitor.</summary>
    Monitor,
}
