using Sampan.Flags;
using Sampan.Linux;

namespace Sampan.Cli.Commands.Host;

/// <summary>sampan system check.</summary>
internal sealed class CheckCommand : Command
{
    private readonly Switch _digests;
    private readonly Switch _repair;

    /// <summary>Declares the flags.</summary>
    public CheckCommand()
    {
        _digests = Flags.Switch("digests", '\0', "Compare the content of all blobs with their digests (reads all of them)");
        _repair = Flags.Switch("repair", '\0', "Put right, or remove, what is damaged");
    }

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.None;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var left = 0;
        foreach (var problem in session.Engine.Check(_digests.Value))
        {
            session.Out.Write($"{problem.What}: {problem.Problem}");
            if (problem.Remedy is null)
            {
                left++;
                session.Out.WriteLine();
            }
            else if (!_repair.Value)
            {
                left++;
                session.Out.WriteLine($" (--repair: {problem.Remedy})");
            }
            else
            {
                var repaired = TryRepair(session, problem.Repair!);
                left += repaired ? 0 : 1;
                session.Out.WriteLine($" ({(repaired ? "repaired" : "not repaired")}: {problem.Remedy})");
            }
        }

        return left == 0 ? 0 : 1;
    }

    private static bool TryRepair(Session session, Action repair)
    {
        try
        {
            repair();
            return true;
        }
        catch (Exception problem) when (problem is SampanException or LinuxException)
        {
            session.Complain(problem.Message);
            return false;
        }
    }
}
