using Sampan.Linux;
using static Sampan.Cli.Formatting.Templates.TemplateNode;

namespace Sampan.Cli.Formatting.Templates;

/// <summary>Makes a tree of a template (Go's text/template). "define", "template" and "block" are refused: a format has nothing to share.</summary>
/// <param name="source">The template.</param>
internal sealed partial class TemplateParser(string source)
{
    private readonly List<TemplateToken> _tokens = new TemplateLexer(source).Read();
    private readonly List<string> _variables = ["$"];
    private int _at;
    private int _loops;

    /// <summary>Parses it.</summary>
    /// <returns>The template's parts in order.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: it is no template.</exception>
    public IReadOnlyList<TemplateNode> Parse()
    {
        var nodes = ParseBlock(out var end);
        return end.Kind == TemplateTokenKind.End ? nodes : throw Error(end, $"unexpected {{{{{end.Text}}}}}");
    }

    // Reads up to the keyword that ends a block, which is left in the words: "end", "else", or the end of the template.
    private List<TemplateNode> ParseBlock(out TemplateToken end)
    {
        var nodes = new List<TemplateNode>();
        while (true)
        {
            var token = Next();
            if (token.Kind == TemplateTokenKind.Text)
            {
                nodes.Add(new Text(token.Text));
                continue;
            }

            if (token.Kind == TemplateTokenKind.End)
            {
                end = token;
                return nodes;
            }

            var first = PeekWord();
            if (first is { Kind: TemplateTokenKind.Keyword, Text: "end" or "else" })
            {
                end = NextWord();
                return nodes;
            }

            nodes.Add(first.Kind == TemplateTokenKind.Keyword ? ParseControl(NextWord()) : new Show(ParsePipeline("command", TemplateTokenKind.Close)));
        }
    }

    private TemplateNode ParseControl(TemplateToken keyword) => keyword.Text switch
    {
        "if" or "with" => ParseBranch(keyword.Text),
        "range" => ParseLoop(),
        "break" or "continue" => ParseJump(keyword),
        _ => throw Error(keyword, $"{{{{{keyword.Text}}}}} is not supported: a format has one template"),
    };

    private Branch ParseBranch(string keyword)
    {
        var known = _variables.Count;
        var condition = ParsePipeline(keyword, TemplateTokenKind.Close);
        var then = ParseBlock(out var end);
        IReadOnlyList<TemplateNode> otherwise = [];
        if (end.Text == "else" && end.Kind == TemplateTokenKind.Keyword)
        {
            // "else if" is an if of its own that shares the closing end.
            if (PeekWord() is { Kind: TemplateTokenKind.Keyword } next && next.Text == keyword)
            {
                NextWord();
                otherwise = [ParseBranch(keyword)];
                Forget(known);
                return new(condition, then, otherwise, keyword == "with");
            }

            Expect(TemplateTokenKind.Close, "else");
            otherwise = ParseBlock(out end);
        }

        CloseBlock(end, known);
        return new(condition, then, otherwise, keyword == "with");
    }

    private Loop ParseLoop()
    {
        var known = _variables.Count;
        var over = ParsePipeline("range", TemplateTokenKind.Close);
        _loops++;
        var body = ParseBlock(out var end);
        _loops--;
        IReadOnlyList<TemplateNode> otherwise = [];
        if (end.Text == "else" && end.Kind == TemplateTokenKind.Keyword)
        {
            Expect(TemplateTokenKind.Close, "else");
            otherwise = ParseBlock(out end);
        }

        CloseBlock(end, known);
        return new(over, body, otherwise);
    }

    private Jump ParseJump(TemplateToken keyword)
    {
        Expect(TemplateTokenKind.Close, $"{{{{{keyword.Text}}}}}");
        return _loops > 0 ? new(keyword.Text == "break") : throw Error(keyword, $"{{{{{keyword.Text}}}}} outside {{{{range}}}}");
    }

    private void CloseBlock(TemplateToken end, int known)
    {
        if (end.Kind == TemplateTokenKind.End)
        {
            throw Error(end, "unexpected EOF");
        }

        if (end.Text != "end")
        {
            throw Error(end, $"expected end; found {{{{{end.Text}}}}}");
        }

        Expect(TemplateTokenKind.Close, "end");
        Forget(known);
    }

    private void Forget(int known) => _variables.RemoveRange(known, _variables.Count - known);

    private void Expect(TemplateTokenKind kind, string context)
    {
        var token = NextWord();
        if (token.Kind != kind)
        {
            throw Unexpected(token, context);
        }
    }

    private TemplateToken Next() => _tokens[_at++];

    private TemplateToken Peek() => _tokens[_at];

    private TemplateToken NextWord()
    {
        SkipSpace();
        return Next();
    }

    private TemplateToken PeekWord()
    {
        SkipSpace();
        return Peek();
    }

    private void SkipSpace()
    {
        while (Peek().Kind == TemplateTokenKind.Space)
        {
            _at++;
        }
    }

    private Source PlaceFrom(int position)
    {
        var end = position;
        for (var i = _at - 1; i >= 0; i--)
        {
            if (_tokens[i].Kind != TemplateTokenKind.Space)
            {
                end = _tokens[i].Position + _tokens[i].Text.Length;
                break;
            }
        }

        return new(position, source[position..Math.Max(position, end)]);
    }

    private SampanException Unexpected(TemplateToken token, string context) => Error(token, $"unexpected {token.Description} in {context}");

    private SampanException Error(TemplateToken token, string reason) => TemplateError.WhenParsing(source, token.Position, reason);
}
