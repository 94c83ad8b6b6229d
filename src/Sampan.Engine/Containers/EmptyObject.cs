namespace Sampan.Engine.Containers;

/// <summary>The empty JSON object docker uses as a set's value.</summary>
public sealed record EmptyObject;
