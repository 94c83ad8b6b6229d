using Sampan.Cli.Commands.Inspection;
using Sampan.Cli.Formatting.Templates;
using Sampan.Engine.Containers;
using Sampan.Flags;

namespace Sampan.Cli.Commands.Containers.Explain;

/// <summary>sampan explain: what a container is made of, and where it comes from. Docker has no such command.</summary>
internal sealed class ExplainCommand : Command
{
    private readonly ValueFlag<string> _format;

    /// <summary>Declares the flags.</summary>
    public ExplainCommand() => _format = FormatFlag.ForObject(Flags);

    /// <inheritdoc/>
    public override string Usage => "[OPTIONS] CONTAINER [CONTAINER...]";

    /// <inheritdoc/>
    public override Arity Arity => Arity.AtLeast(1);

    /// <inheritdoc/>
    public override ArgumentKind Completes => ArgumentKind.Containers;

    /// <inheritdoc/>
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var template = _format.Value is "" or "json" ? null : new Template(_format.Value);
        return session.ForEach(arguments, name => Show(session, session.Engine.Containers.Find(name), template));
    }

    private void Show(Session session, Container container, Template? template)
    {
        var explanation = session.Engine.Explain(container);
        if (_format.Value.Length > 0)
        {
            using var document = JsonDocuments.Make(writer => ExplainJson.ContainerExplanation.Write(writer, explanation));
            session.Out.WriteLine(template is null ? document.RootElement.GetRawText() : template.Execute(document.RootElement));
        }
        else if (explanation.Pid == 0)
        {
            session.Out.WriteLine($"container {explanation.Name} ({explanation.Id[..12]}), {explanation.Status}: nothing of it is in the kernel. Its next start does this:");
            session.Out.Write(session.Engine.ExplainStart(container));
        }
        else
        {
            new ExplanationText(session.Out).Write(explanation);
        }
    }
}
