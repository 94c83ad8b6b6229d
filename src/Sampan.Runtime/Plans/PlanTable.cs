using System.Globalization;
using System.Text;

namespace Sampan.Runtime.Plans;

/// <summary>The steps of a start as text: what <c>--explain</c> and <c>--trace</c> print.</summary>
public sealed class PlanTable
{
    private readonly List<(PlanStepText Text, double? Microseconds)> _lines = new(192);

    /// <summary>Adds an operation that is not a step of a plan, such as making a cgroup.</summary>
    /// <param name="text">What it is.</param>
    /// <param name="microseconds">How long it took; null when it was not done.</param>
    public void Add(PlanStepText text, double? microseconds = null) => _lines.Add((text, microseconds));

    /// <summary>Adds all steps of a plan, with their times when it ran.</summary>
    /// <param name="plan">The plan of a container's start.</param>
    public void Add(LaunchPlan plan) => Add(plan, PlanSide.Host, PlanSide.Container);

    /// <summary>The same for a plan that others execute.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="parent">Who executes its host side.</param>
    /// <param name="child">Who executes the rest.</param>
    public void Add(LaunchPlan plan, PlanSide parent, PlanSide child)
    {
        for (var i = 0; i < plan.Texts.Count; i++)
        {
            _lines.Add((plan.Texts[i] with { Side = i < plan.ContainerStart ? parent : child }, plan.MicrosecondsOf(i)));
        }
    }

    /// <summary>What tells the steps of an executed plan, where somebody listens.</summary>
    /// <param name="line">Takes a line; null for nobody.</param>
    /// <returns>Takes the plan; null for nobody.</returns>
    public static Action<LaunchPlan>? Telling(Action<string>? line) => line is null ? null : plan =>
    {
        var table = new PlanTable();
        table.Add(plan, PlanSide.Command, PlanSide.Container);
        foreach (var step in table.Format(withTimes: true).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            line(step.Trim());
        }
    };

    /// <summary>Writes one line a step: number, side, call, object, purpose; for a trace microseconds and the share of their sum first.</summary>
    /// <param name="withTimes">Whether times are shown.</param>
    /// <returns>Lines, each ended by a newline.</returns>
    public string Format(bool withTimes)
    {
        var total = 0.0;
        var callWidth = 0;
        foreach (var (text, microseconds) in _lines)
        {
            total += microseconds ?? 0;
            callWidth = Math.Max(callWidth, text.Call.Length);
        }

        var output = new StringBuilder(_lines.Count * 100);
        PlanSide? side = null;
        for (var i = 0; i < _lines.Count; i++)
        {
            var (text, microseconds) = _lines[i];
            if (text.Side != side)
            {
                side = text.Side;
                output.Append(Heading(text.Side)).Append('\n');
            }

            output.Append(CultureInfo.InvariantCulture, $"{i + 1,4}  ");
            if (withTimes)
            {
                output.Append(CultureInfo.InvariantCulture, $"{microseconds ?? 0,8:F1} µs {(total > 0 ? (microseconds ?? 0) / total : 0),6:P1}  ");
            }

            output.Append(text.Call.PadRight(callWidth)).Append("  ");
            if (text.Object.Length > 0)
            {
                output.Append(text.Object).Append("  ");
            }

            output.Append("# ").Append(text.Purpose).Append('\n');
        }

        if (withTimes)
        {
            output.Append(CultureInfo.InvariantCulture, $"{_lines.Count} steps, {total:F0} µs\n");
        }

        return output.ToString();
    }

    private static string Heading(PlanSide side) => side switch
    {
        PlanSide.Command => "on the host, in the command",
        PlanSide.Monitor => "in the command's child, on its way to becoming the monitor",
        PlanSide.Host => "on the host, in the monitor",
        _ => "in the new process, on its way into the container",
    };
}
