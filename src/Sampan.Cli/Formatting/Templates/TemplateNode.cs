namespace Sampan.Cli.Formatting.Templates;

/// <summary>A part of a parsed template.</summary>
internal abstract record TemplateNode
{
    /// <summary>Text between actions.</summary>
    /// <param name="Content">The text.</param>
    public sealed record Text(string Content) : TemplateNode;

    /// <summary>{{pipeline}}: its value is printed, unless it is given to a variable.</summary>
    /// <param name="Value">What is evaluated.</param>
    public sealed record Show(Pipeline Value) : TemplateNode;

    /// <summary>{{if}} or {{with}}.</summary>
    /// <param name="Condition">What decides.</param>
    /// <param name="Then">When it is not empty.</param>
    /// <param name="Else">When it is.</param>
    /// <param name="Rebind">True for {{with}}: the condition's value becomes the dot.</param>
    public sealed record Branch(Pipeline Condition, IReadOnlyList<TemplateNode> Then, IReadOnlyList<TemplateNode> Else, bool Rebind) : TemplateNode;

    /// <summary>{{range}}.</summary>
    /// <param name="Over">List, map or number.</param>
    /// <param name="Body">For each element.</param>
    /// <param name="Else">When there is none.</param>
    public sealed record Loop(Pipeline Over, IReadOnlyList<TemplateNode> Body, IReadOnlyList<TemplateNode> Else) : TemplateNode;

    /// <summary>{{break}} or {{continue}}.</summary>
    /// <param name="IsBreak">True for {{break}}.</param>
    public sealed record Jump(bool IsBreak) : TemplateNode;

    /// <summary>Commands joined by "|", the value of each being the last argument of the next.</summary>
    /// <param name="Variables">Names it gives its value to, "$" included.</param>
    /// <param name="Assigns">The variables exist already: "=" and not ":=".</param>
    /// <param name="Commands">At least one.</param>
    /// <param name="Place">Where it stands.</param>
    public sealed record Pipeline(IReadOnlyList<string> Variables, bool Assigns, IReadOnlyList<Command> Commands, Source Place);

    /// <summary>One operand, or a function and its arguments.</summary>
    /// <param name="Operands">At least one.</param>
    /// <param name="Place">Where it stands.</param>
    public sealed record Command(IReadOnlyList<Operand> Operands, Source Place);

    /// <summary>A value in a command, and the fields taken from it.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Value">Value of a literal: string, long, double, bool or null. Name of a function or variable.</param>
    /// <param name="Inner">The pipeline in parentheses.</param>
    /// <param name="Fields">Fields, outermost first.</param>
    /// <param name="Place">Where it stands.</param>
    public sealed record Operand(OperandKind Kind, object? Value, Pipeline? Inner, IReadOnlyList<string> Fields, Source Place)
    {
        /// <summary>Name of a function or variable.</summary>
        public string Name => (string)Value!;
    }

    /// <summary>A place in the template, for errors.</summary>
    /// <param name="Position">In characters.</param>
    /// <param name="Text">What stands there.</param>
    public readonly record struct Source(int Position, string Text);

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
