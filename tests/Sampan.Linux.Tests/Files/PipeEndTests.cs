using System.Diagnostics;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Tests.Files;

public sealed unsafe class PipeEndTests
{
    [Fact]
    public void A_pipe_with_a_lasting_end_keeps_what_is_written_and_ends_with_it()
    {
        var (read, write) = Pipe();
        FileDescriptor lasting;
        using (write)
        {
            lasting = PipeEnd.Open(write, OpenFlags.ReadWrite);
        }

        using (lasting)
        {
            var number = PipeEnd.NumberOf(read);
            read.Dispose();
            lasting.TryWrite("kept"u8).ShouldBe(4, "a pipe without a reader would say EPIPE");
            using var again = PipeEnd.TryOpen(Environment.ProcessId, number, OpenFlags.ReadOnly).ShouldNotBeNull();
            Span<byte> buffer = stackalloc byte[8];
            again.TryRead(buffer).ShouldBe(4);
            lasting.Dispose();
            again.TryRead(buffer).ShouldBe(0, "the last writer is gone");
            PipeEnd.TryOpen(Environment.ProcessId, number + 1_000_000_000_000, OpenFlags.ReadOnly).ShouldBeNull();
        }
    }

    [Fact]
    public void It_is_found_in_another_process_under_any_number()
    {
        var (read, write) = Pipe();
        using (read)
        using (write)
        {
            var number = PipeEnd.NumberOf(read);
            using var other = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $"exec 9<>/proc/{Environment.ProcessId}/fd/{write.Number} >/dev/null; read end"]) { UseShellExecute = false, RedirectStandardInput = true })!;
            FileDescriptor? found = null;
            SpinWait.SpinUntil(() => (found = PipeEnd.TryOpen(other.Id, number, OpenFlags.ReadOnly)) is not null, TimeSpan.FromSeconds(20)).ShouldBeTrue();
            using (found)
            {
                PipeEnd.NumberOf(found!).ShouldBe(number);
            }

            other.StandardInput.Close();
            other.WaitForExit();
            PipeEnd.TryOpen(other.Id, number, OpenFlags.ReadOnly).ShouldBeNull("it is gone");
        }
    }

    private static (FileDescriptor Read, FileDescriptor Write) Pipe()
    {
        var ends = stackalloc int[2];
        Kernel.Check(Kernel.Call(SystemCall.Pipe2, (nint)ends, 0x80000), "pipe");
        return (new(ends[0]), new(ends[1]));
    }
}
