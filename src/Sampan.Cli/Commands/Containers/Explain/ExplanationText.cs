using Sampan.Engine.Explanations;
using Sampan.Linux.Files;

namespace Sampan.Cli.Commands.Containers.Explain;

/// <summary>An explanation as text: a section for each kind of thing, a line for each thing, where it comes from behind a #.</summary>
/// <param name="output">Where to.</param>
internal sealed class ExplanationText(TextOutput output)
{
    // What is longer pushes its own line only.
    private const int WidestName = 44;
    private const int WidestValue = 52;

    /// <summary>Writes it.</summary>
    /// <param name="explanation">The explanation.</param>
    public void Write(ContainerExplanation explanation)
    {
        output.WriteLine($"container {explanation.Name} ({explanation.Id[..12]}), {explanation.Status}, process {explanation.Pid}");
        Write("process", explanation.Process);
        Write("namespaces", explanation.Namespaces);
        Write("mounts", explanation.Mounts);
        Write("hidden and read-only paths", explanation.Paths);
        Write("control group", explanation.Cgroup);
        Write("devices", explanation.Devices);
        Write("capabilities", explanation.Capabilities);
        Write("security", explanation.Security);
        Write("limits", explanation.Limits);
        Write("kernel parameters", explanation.Sysctls);
    }

    private void Write(string title, IReadOnlyList<Fact> facts)
    {
        if (facts.Count == 0)
        {
            return;
        }

        var (names, values) = (0, 0);
        foreach (var fact in facts)
        {
            names = Math.Max(names, Math.Min(fact.Name.Length, WidestName));
            values = Math.Max(values, Math.Min(fact.Value.Length, WidestValue));
        }

        output.WriteLine("");
        output.WriteLine(title);
        foreach (var fact in facts)
        {
            var changed = fact.Changed ? $"changed since: {fact.Asked} was asked for; " : "";
            output.WriteLine($"  {fact.Name.PadRight(names)}  {fact.Value.PadRight(values)}  # {changed}{fact.Origin}");
        }
    }
}
