using Sampan.RuntimeCli.Specs;

namespace Sampan.RuntimeCli.Commands;

/// <summary>features: what this runtime knows, for engines to read.</summary>
internal sealed class FeaturesCommand : Command
{
    public override string Usage => "";

    public override int Least => 0;

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        session.Out.WriteLine(FeaturesDocument.Write());
        return 0;
    }
}
