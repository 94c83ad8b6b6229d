using Sampan.Linux.Processes;

namespace Sampan.Cli.Commands.Containers.Top;

/// <summary>Processes below their parents, each with the branches that lead to it.</summary>
internal static class ProcessTree
{
    /// <summary>Orders processes.</summary>
    /// <param name="processes">The processes, sorted by pid.</param>
    /// <returns>The same, parents first, each with the text before its command: "│  └─ ".</returns>
    public static IReadOnlyList<(ProcessDetails Process, string Branch)> Of(IReadOnlyList<ProcessDetails> processes)
    {
        var here = new HashSet<int>();
        foreach (var process in processes)
        {
            here.Add(process.Pid);
        }

        var rows = new List<(ProcessDetails, string)>();
        foreach (var process in processes)
        {
            // Process 1 of the container and what exec started have parents outside.
            if (!here.Contains(process.ParentPid))
            {
                rows.Add((process, ""));
                AddChildren(rows, processes, process.Pid, "");
            }
        }

        return rows;
    }

    private static void AddChildren(List<(ProcessDetails, string)> rows, IReadOnlyList<ProcessDetails> processes, int parent, string margin)
    {
        var children = new List<ProcessDetails>();
        foreach (var process in processes)
        {
            if (process.ParentPid == parent && process.Pid != parent)
            {
                children.Add(process);
            }
        }

        for (var i = 0; i < children.Count; i++)
        {
            var isLast = i == children.Count - 1;
            rows.Add((children[i], margin + (isLast ? "└─ " : "├─ ")));
            AddChildren(rows, processes, children[i].Pid, margin + (isLast ? "   " : "│  "));
        }
    }
}
