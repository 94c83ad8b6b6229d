namespace Sampan.Engine.Storage;

/// <summary>Something system check found.</summary>
/// <param name="What">The object: "container 1f2e…", "volume data", "name web".</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Remedy">What --repair does about it; null where only the user can.</param>
/// <param name="Repair">Does it; null where only the user can.</param>
public sealed record StateProblem(string What, string Problem, string? Remedy, Action? Repair);
