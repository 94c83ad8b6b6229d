using Sampan.Linux;
using static Sampan.Cli.Formatting.Templates.TemplateNode;

namespace Sampan.Cli.Formatting.Templates;

internal sealed partial class TemplateEvaluator
{
    private object? Evaluate(Command command, object? dot, bool hasPiped, object? piped)
    {
        var first = command.Operands[0];
        if (first.Kind == OperandKind.Function)
        {
            return Call(command, first, dot, hasPiped, piped);
        }

        if (command.Operands.Count == 1 && !hasPiped)
        {
            if (first is { Kind: OperandKind.Literal, Value: null })
            {
                throw Error(first.Place, "nil is not a command");
            }

            return Evaluate(first, dot);
        }

        if (first is { Kind: OperandKind.Literal, Fields.Count: 0 } or { Kind: OperandKind.Dot, Fields.Count: 0 })
        {
            throw Error(first.Place, $"can't give argument to non-function {first.Place.Text}");
        }

        // Only the last of a chain of fields can be a method.
        var fields = first.Fields;
        if (fields.Count > 0
            && Evaluate(first with { Fields = [.. fields.Take(fields.Count - 1)] }, dot) is TemplateMap map
            && TryCallMethod(command, map, fields[^1], Arguments(command, dot, hasPiped, piped), out var value))
        {
            return value;
        }

        Evaluate(first, dot);
        throw Error(
            first.Place,
            fields.Count > 0 ? $"{fields[^1]} has arguments but cannot be invoked as function" : $"can't give argument to non-function {first.Place.Text}");
    }

    private bool TryCallMethod(Command command, TemplateMap map, string name, List<object?> arguments, out object? value)
    {
        try
        {
            return map.TryCall(name, arguments, out value);
        }
        catch (TemplateCallException error)
        {
            throw Error(command.Place, error.Message);
        }
    }

    private object? Call(Command command, Operand function, object? dot, bool hasPiped, object? piped)
    {
        if (function.Name is "and" or "or" && command.Operands.Count > 1)
        {
            return ChooseFirst(command, dot, hasPiped, piped, stopAt: function.Name == "or");
        }

        var arguments = Arguments(command, dot, hasPiped, piped);
        try
        {
            return headings && TemplateFunctions.LeavesHeadings(function.Name)
                ? TemplateFunctions.Heading(function.Name, arguments)
                : TemplateFunctions.Call(function.Name, arguments);
        }
        catch (TemplateCallException error)
        {
            throw error.IsBeforeCall ? WrongCall(command, function, error) : Error(command.Place, $"error calling {function.Name}: {error.Message}");
        }
    }

    // Go finds out about a literal when it reads the argument, about other values when it has them.
    private SampanException WrongCall(Command command, Operand function, TemplateCallException error)
    {
        if (error.Argument is not { } index || index + 1 >= command.Operands.Count)
        {
            return Error(function.Place, error.Message);
        }

        var operand = command.Operands[index + 1];
        var isLiteral = operand is { Kind: OperandKind.Literal, Fields.Count: 0 };
        return Error(operand.Place, (isLiteral, error.Wanted) switch
        {
            (false, _) => error.Message,
            (true, "int") => $"expected integer; found {operand.Place.Text}",
            (true, "string") => $"expected string; found {operand.Place.Text}",
            _ => $"can't handle {operand.Place.Text} for arg of type {error.Wanted}",
        });
    }

    // As in Go, what follows the argument that decides is not looked at.
    private object? ChooseFirst(Command command, object? dot, bool hasPiped, object? piped, bool stopAt)
    {
        object? value = null;
        for (var i = 1; i < command.Operands.Count; i++)
        {
            value = Argument(command.Operands[i], dot);
            if (TemplateValue.IsTrue(value) == stopAt)
            {
                return value;
            }
        }

        return hasPiped ? piped : value;
    }

    private List<object?> Arguments(Command command, object? dot, bool hasPiped, object? piped)
    {
        var arguments = new List<object?>();
        for (var i = 1; i < command.Operands.Count; i++)
        {
            arguments.Add(Argument(command.Operands[i], dot));
        }

        if (hasPiped)
        {
            arguments.Add(piped);
        }

        return arguments;
    }

    // A function among the arguments is called without any.
    private object? Argument(Operand operand, object? dot) =>
        operand.Kind == OperandKind.Function ? Call(new([operand], operand.Place), operand, dot, hasPiped: false, null) : Evaluate(operand, dot);

    private object? Evaluate(Operand operand, object? dot)
    {
        var value = operand.Kind switch
        {
            OperandKind.Dot => dot,
            OperandKind.Variable => _variables[_variables.FindLastIndex(variable => variable.Name == operand.Name)].Value,
            OperandKind.Group => Evaluate(operand.Inner!, dot),
            _ => operand.Value,
        };
        foreach (var field in operand.Fields)
        {
            value = Field(operand, value, field);
        }

        return value;
    }

    private object? Field(Operand operand, object? value, string field)
    {
        try
        {
            return value switch
            {
                TemplateMap map => map.TryGet(field, out var member) || map.TryCall(field, [], out member) ? member : map.Missing(field),
                null => TemplateValue.Absent,
                _ when ReferenceEquals(value, TemplateValue.Absent) => value,
                _ => throw new TemplateCallException($"can't evaluate field {field} in type {TemplateValue.TypeName(value)}"),
            };
        }
        catch (TemplateCallException error)
        {
            throw Error(operand.Place, error.Message);
        }
    }
}
