namespace Sampan.Conformance.Harness;

/// <summary>
/// Writes files that are executed. A process started meanwhile by another thread would inherit the descriptor that writes until its own
/// exec, and executing the file would fail with ETXTBSY; so starting a process and writing exclude each other.
/// </summary>
public static class Executable
{
    /// <summary>Held while a process is started and while an executable is written.</summary>
    internal static readonly Lock Gate = new();

    /// <summary>Copies a program.</summary>
    public static void Copy(string source, string path)
    {
        lock (Gate)
        {
            File.Copy(source, path);
        }
    }

    /// <summary>Writes an executable shell script.</summary>
    public static void WriteScript(string path, string script)
    {
        lock (Gate)
        {
            File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
    }
}
