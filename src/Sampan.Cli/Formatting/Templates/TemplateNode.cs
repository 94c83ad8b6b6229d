namespace Sampan.Cli.Formatting.Templates;

/// <summary>A part of a parsed template.</summary>
internal abstract record TemplateNode
{
    /// <summary>Text between actions.</summary>
    /// <param name="Content">The text.</param>
    public sealed record Text(string Content) : TemplateNode;

    /// <summary>{{pipeline}}: its value is printed, unless it assigns a variable.</summary>
    /// <param name="Value">What is evaluated.</param>
    public sealed record Show(Pipeline Value) : TemplateNode;

    /// <summary>{{if}} or {{with}}.</summary>
    /// <param name="Condition">What decides.</param>
    /// <param name="Then">When it is not empty.</param>
    /// <param name="Else">When it is.</param>
    /// <param name="Rebind">True for {{with}}: the condition's value becomes the dot.</param>
    public sealed record Branch(Pipeline Condition, IReadOnlyList<TemplateNode> Then, IReadOnlyList<TemplateNode> Else, bool Rebind) : TemplateNode;

    /// <summary>{{range}}.</summary>
    /// <param name="Over">Array or object.</param>
    /// <param name="Body">For each element.</param>
    /// <param name="Else">When there is none.</param>
    public sealed record Loop(Pipeline Over, IReadOnlyList<TemplateNode> Body, IReadOnlyList<TemplateNode> Else) : TemplateNode;

    /// <summary>Commands joined by "|", the result of each being the last argument of the next.</summary>
    /// <param name="Variables">Names it declares, "$" included.</param>
    /// <param name="Commands">At least one.</param>
    /// <param name="Source">The text, for errors.</param>
    public sealed record Pipeline(IReadOnlyList<string> Variables, IReadOnlyList<Command> Commands, string Source);

    /// <summary>One operand, or a function and its arguments.</summary>
    /// <param name="Operands">At least one.</param>
    public sealed record Command(IReadOnlyList<Operand> Operands);

    /// <summary>A value in a command, and the fields taken from it.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Name">Name of a function or variable.</param>
    /// <param name="Value">Value of a literal: string, long, double, bool or null.</param>
    /// <param name="Inner">The pipeline in parentheses.</param>
    /// <param name="Fields">Fields, outermost first.</param>
    public sealed record Operand(OperandKind Kind, string Name, object? Value, Pipeline? Inner, IReadOnlyList<string> Fields);

    /// <summary>Kinds of operand.</summary>
    public enum OperandKind
    {
        /// <summary>The dot.</summary>
        Dot,

        /// <summary>A variable.</summary>
        Variable,

        /// <summary>A literal.</summary>
        Literal,

        /// <summary>A function.</summary>
        Function,

        /// <summary>A pipeline in parentheses.</summary>
        Group,
    }
}
