namespace Sampan.Engine.Logs;

/// <summary>Which output a line came from.</summary>
public enum LogStream
{
    /// <summary>Standard output, and all output with a terminal.</summary>
    Stdout = 1,

    /// <summary>Standard error.</summary>
    Stderr = 2,
}
