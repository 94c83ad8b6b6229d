using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sampan.Json.Tests;

/// <summary>A document that has every member of a type, each with a value of its own: one that is read or written under another's name shows.</summary>
internal sealed class ModelFiller
{
    private int _next;

    public string Fill(Type type) => Value(type).ToJsonString();

    private JsonNode Value(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        var number = ++_next;
        if (type == typeof(string))
        {
            return $"text {number}";
        }

        if (type == typeof(bool))
        {
            return number % 2 == 0;
        }

        if (type.IsPrimitive)
        {
            return number;
        }

        if (type.IsGenericType && type.GetGenericArguments() is var arguments)
        {
            return arguments.Length == 1
                ? new JsonArray(Value(arguments[0]), Value(arguments[0]))
                : new JsonObject { [$"name {number}"] = Value(arguments[1]), [$"other {number}"] = Value(arguments[1]) };
        }

        return Record(type);
    }

    private JsonObject Record(Type type)
    {
        var record = new JsonObject();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            record[property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name)] = Value(property.PropertyType);
        }

        return record;
    }
}
