namespace Sampan.Flags;

/// <summary>A value on the command line cannot be read; the message says why, in docker's words.</summary>
/// <param name="message">The reason, without the flag's name.</param>
public sealed class ValueException(string message) : Exception(message);
