using System.Buffers.Binary;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Containers;

/// <summary>Why a first process died after its gate: the four numbers it leaves in the FIFO (<see cref="PlanReport"/>).</summary>
internal static class GateVerdict
{
    /// <param name="gate">The FIFO, not blocking.</param>
    /// <param name="command">What was to be executed.</param>
    /// <exception cref="SampanException">It left a verdict.</exception>
    public static void ThrowIfAny(FileDescriptor gate, string command)
    {
        Span<byte> numbers = stackalloc byte[PlanReport.VerdictLength];
        if (gate.TryRead(numbers) != PlanReport.VerdictLength)
        {
            return;
        }

        var errno = (Errno)BinaryPrimitives.ReadInt32LittleEndian(numbers[4..]);
        var prefix = $"exec: \"{command}\": ";
        throw (CommandFailure)BinaryPrimitives.ReadInt32LittleEndian(numbers[12..]) switch
        {
            CommandFailure.NotFound => new SampanException(ErrorKind.CommandNotFound, $"{prefix}no such file or directory"),
            CommandFailure.InterpreterMissing => new(ErrorKind.CommandNotFound, $"{prefix}no such file or directory: its interpreter is not in the root filesystem"),
            CommandFailure.Denied => new(ErrorKind.CommandNotExecutable, $"{prefix}permission denied"),
            CommandFailure.WrongFormat => new(ErrorKind.CommandNotExecutable, $"{prefix}exec format error"),
            _ => new(ErrorKind.CommandNotExecutable, $"{prefix}{ErrnoText.Describe(errno)}"),
        };
    }
}
