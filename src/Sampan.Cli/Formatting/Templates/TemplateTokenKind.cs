namespace Sampan.Cli.Formatting.Templates;

/// <summary>Kinds of word in a template.</summary>
internal enum TemplateTokenKind
{
    /// <summary>Text between actions.</summary>
    Text,

    /// <summary>Beginning of an action.</summary>
    Open,

    /// <summary>End of an action.</summary>
    Close,

    /// <summary>Blanks inside an action: they separate operands.</summary>
    Space,

    /// <summary>A function, true, false or nil.</summary>
    Identifier,

    /// <summary>if, else, end, range, with, break, continue, and what is refused: define, template, block.</summary>
    Keyword,

    /// <summary>.Name.</summary>
    Field,

    /// <summary>$ or $name.</summary>
    Variable,

    /// <summary>The dot alone.</summary>
    Dot,

    /// <summary>A number, or a character between single quotes.</summary>
    Number,

    /// <summary>A string, with its quotes.</summary>
    String,

    /// <summary>|.</summary>
    Pipe,

    /// <summary>(.</summary>
    LeftParen,

    /// <summary>).</summary>
    RightParen,

    /// <summary>A comma, or another character that means nothing.</summary>
    Character,

    /// <summary>= .</summary>
    Assign,

    /// <summary>:= .</summary>
    Declare,

    /// <summary>End of the template.</summary>
    End,
}
