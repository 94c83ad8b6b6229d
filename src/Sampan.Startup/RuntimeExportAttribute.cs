// The compiler knows it by this name.
namespace System.Runtime;

/// <summary>Gives a method a symbol of the native executable, and no transition into managed code before it.</summary>
/// <param name="entryPoint">The symbol.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entryPoint) : Attribute
{
    /// <summary>The symbol.</summary>
    public string EntryPoint { get; } = entryPoint;
}
