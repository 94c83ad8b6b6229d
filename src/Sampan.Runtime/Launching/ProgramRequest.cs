using Sampan.Linux.Files;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Launching;

/// <summary>A program of the host.</summary>
public sealed record ProgramRequest
{
    /// <summary>Absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>argv, with argv[0].</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>NAME=value.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>Standard input. Numbers above 2.</summary>
    public required FileDescriptor Stdin { get; init; }

    /// <summary>Standard output.</summary>
    public required FileDescriptor Stdout { get; init; }

    /// <summary>Standard error.</summary>
    public required FileDescriptor Stderr { get; init; }

    /// <summary>pidfd of a process whose namespaces it enters; null keeps it where the caller is.</summary>
    public FileDescriptor? InitPidFd { get; init; }

    /// <summary>Which of them.</summary>
    public IReadOnlyList<RuntimeNamespace> Namespaces { get; init; } = [];

    /// <summary>It is killed when its parent ends, however that ends (prctl(2), PR_SET_PDEATHSIG).</summary>
    public bool DiesWithParent { get; init; }
}
