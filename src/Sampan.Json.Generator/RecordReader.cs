using System.Text;
using Microsoft.CodeAnalysis;

namespace Sampan.Json.Generator;

/// <summary>The method that reads a record: what the document lacks keeps what a new record has.</summary>
internal sealed class RecordReader
{
    private const string Values = "global::Sampan.Json.JsonValue.";

    private readonly INamedTypeSymbol _type;
    private readonly string _full;
    private readonly string _name;
    private readonly List<Member> _members;

    public RecordReader(INamedTypeSymbol type, string full, string name, List<Member> members)
    {
        _type = type;
        _full = full;
        _name = name;
        _members = members;
    }

    public string Method(string branches)
    {
        var text = new StringBuilder();
        if (_type.BaseType is { SpecialType: not SpecialType.System_Object })
        {
            text.AppendLine($"#error {_type.ToDisplayString()} has no JSON: it is derived from another type");
        }

        text.AppendLine($"    private static unsafe {_full} Read{_name}(ref global::System.Text.Json.Utf8JsonReader reader)").AppendLine("    {");
        if (_members.Count == 0)
        {
            // Go writes sets as maps to empty objects, whatever they are.
            return text.AppendLine("        reader.Skip();").AppendLine("        return new();").AppendLine("    }").AppendLine().ToString();
        }

        var late = _members.Where(static member => member.CanBeRead && member.IsInitOnly && !member.IsExtension).ToList();
        text.AppendLine($"        {Values}EnterObject(ref reader);").AppendLine($"        var value = new {_full}();");
        foreach (var member in late)
        {
            text.AppendLine($"        var {member.Local} = value.{member.Property};");
        }

        text.AppendLine($"        while ({Values}NextMember(ref reader))").AppendLine("        {").Append(branches);
        text.AppendLine(_members.FirstOrDefault(static member => member.IsExtension) is { } extension
            ? $"            (value.{extension.Property} ??= new(global::System.StringComparer.Ordinal))[{Values}MemberName(ref reader)] = {Values}ReadElement(ref reader);"
            : "            reader.Skip();");
        text.AppendLine("        }").AppendLine();
        return text.AppendLine(late.Count == 0 ? "        return value;" : $"        return value with {{ {string.Join(", ", late.Select(static member => $"{member.Property} = {member.Local}"))} }};")
            .AppendLine("    }").AppendLine().ToString();
    }
}
