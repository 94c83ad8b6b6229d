namespace Sampan.Oci.Runtime;

/// <summary>Hooks (config.md, "POSIX-platform Hooks").</summary>
public sealed record RuntimeHooks
{
    /// <summary>Prestart hooks, in order.</summary>
    public IReadOnlyList<RuntimeHook>? Prestart { get; init; }

    /// <summary>CreateRuntime hooks, in order.</summary>
    public IReadOnlyList<RuntimeHook>? CreateRuntime { get; init; }

    /// <summary>CreateContainer hooks, in order.</summary>
    public IReadOnlyList<RuntimeHook>? CreateContainer { get; init; }

    /// <summary>StartContainer hooks, in order.</summary>
    public IReadOnlyList<RuntimeHook>? StartContainer { get; init; }

    /// <summary>Poststart hooks, in order.</summary>
    public IReadOnlyList<RuntimeHook>? Poststart { get; init; }

    /// <summary>Poststop hooks, in order.</summary>
    public IReadOnlyList<RuntimeHook>? Poststop { get; init; }
}
