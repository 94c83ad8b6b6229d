using Microsoft.CodeAnalysis;

namespace Sampan.Json.Generator;

/// <summary>A property of a record, as the document has it.</summary>
internal sealed class Member
{
    private Member(IPropertySymbol symbol, bool camelCase)
    {
        Property = symbol.Name;
        Name = Argument(symbol, "JsonPropertyNameAttribute") ?? (camelCase ? CamelCase(symbol.Name) : symbol.Name);
        IsExtension = Find(symbol, "JsonExtensionDataAttribute") is not null;

        // JsonIgnoreCondition: 0 is Never, 1 Always, 2 WhenWritingDefault, 3 WhenWritingNull; of what can be null the last two are one.
        var ignored = Find(symbol, "JsonIgnoreAttribute");
        var condition = ignored?.NamedArguments.FirstOrDefault(static argument => argument.Key == "Condition").Value.Value as int?;
        IsIgnored = ignored is not null && condition is null or 1;
        OmitDefault = condition is 2 or 3;
        NeverOmit = condition == 0;
        CanBeRead = symbol.SetMethod is { DeclaredAccessibility: Accessibility.Public };
        IsInitOnly = symbol.SetMethod?.IsInitOnly == true;
        IsNullable = symbol.NullableAnnotation == NullableAnnotation.Annotated;
        Type = symbol.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : symbol.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
    }

    /// <summary>Name of the property.</summary>
    public string Property { get; }

    /// <summary>Name in the document.</summary>
    public string Name { get; }

    /// <summary>Its type, not null.</summary>
    public ITypeSymbol Type { get; }

    public bool IsNullable { get; }

    public bool IsInitOnly { get; }

    public bool CanBeRead { get; }

    public bool IsIgnored { get; }

    public bool IsExtension { get; }

    public bool OmitDefault { get; }

    public bool NeverOmit { get; }

    /// <summary>Name of a local variable for it.</summary>
    public string Local => "the" + Property;

    /// <summary>Where the reader puts it: an init-only property is set when the rest is read.</summary>
    public string Target => IsInitOnly ? Local : "value." + Property;

    public static List<Member> Of(INamedTypeSymbol type, bool camelCase) =>
        [.. type.GetMembers().OfType<IPropertySymbol>()
            .Where(static property => property is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public, GetMethod: not null })
            .Select(property => new Member(property, camelCase))
            .Where(static member => !member.IsIgnored)];

    private static AttributeData? Find(IPropertySymbol symbol, string attribute) => symbol.GetAttributes().FirstOrDefault(data => data.AttributeClass?.Name == attribute);

    private static string? Argument(IPropertySymbol symbol, string attribute) => Find(symbol, attribute)?.ConstructorArguments[0].Value as string;

    // As JsonNamingPolicy.CamelCase: of leading capitals all but the one that begins the next word.
    private static string CamelCase(string name)
    {
        var letters = name.ToCharArray();
        for (var index = 0; index < letters.Length && char.IsUpper(letters[index]); index++)
        {
            if (index > 0 && index + 1 < letters.Length && !char.IsUpper(letters[index + 1]))
            {
                break;
            }

            letters[index] = char.ToLowerInvariant(letters[index]);
        }

        return new(letters);
    }
}
