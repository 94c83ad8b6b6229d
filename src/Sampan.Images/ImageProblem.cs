namespace Sampan.Images;

/// <summary>What is wrong with an image.</summary>
/// <param name="Image">"image busybox:latest".</param>
/// <param name="Problem">What.</param>
/// <param name="Remedy">What puts it right, as a verb phrase; null where only the user can.</param>
/// <param name="Repair">Does it; null where only the user can.</param>
public sealed record ImageProblem(string Image, string Problem, string? Remedy, Action? Repair);
