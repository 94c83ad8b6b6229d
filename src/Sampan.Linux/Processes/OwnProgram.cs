using Sampan.Linux.Interop;

namespace Sampan.Linux.Processes;

/// <summary>The program that this process runs.</summary>
public static unsafe class OwnProgram
{
    /// <summary>Becomes another program: same process, same standard streams, same environment; no other descriptor goes along.</summary>
    /// <param name="path">The program's file.</param>
    /// <param name="arguments">argv, with argv[0].</param>
    /// <exception cref="LinuxException">execve(2) failed. There is no other return.</exception>
    public static void Become(string path, IReadOnlyList<string> arguments)
    {
        using var file = Kernel.Native(path);
        using var words = new NativeStrings(arguments);
        using var environment = new NativeStrings(OwnEnvironment.List());
        Kernel.Check(Kernel.Call(SystemCall.Execve, file, (nint)words.Pointers, (nint)environment.Pointers), "execute", path);
    }
}
