namespace Sampan.Cli.Commands.Registries;

/// <summary>Whose login is to be kept.</summary>
/// <param name="Registry">host[:port]; empty for Docker Hub.</param>
/// <param name="Username">The user; null asks for it.</param>
/// <param name="Password">His password; null asks for it.</param>
internal sealed record LoginRequest(string Registry, string? Username, string? Password);
