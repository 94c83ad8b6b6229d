using System.Text;
using Sampan.Linux.Memory;

namespace Sampan.Linux.Tests.Memory;

public sealed class ResidentMemoryTests
{
    [Fact]
    public void Only_clean_read_only_file_mappings_are_dropped()
    {
        const string smaps = """
            00400000-00404000 r--p 00000000 fe:00 12 /usr/bin/x
            Rss:                  16 kB
            Anonymous:             0 kB
            VmFlags: rd mr mw me
            00404000-0070c000 r-xp 00004000 fe:00 12 /usr/bin/x
            Anonymous:             0 kB
            0085b000-00997000 rw-p 0045b000 fe:00 12 /usr/bin/x
            Anonymous:             0 kB
            00997000-00998000 r--p 00500000 fe:00 12 /usr/bin/x
            Anonymous:             4 kB
            7f0000000000-7f0000001000 r--p 00000000 00:00 0
            Anonymous:             0 kB
            7ffc00000000-7ffc00002000 r-xp 00000000 00:00 0 [vdso]
            Anonymous:             0 kB
            """;
        ResidentMemory.ParseClean(Encoding.ASCII.GetBytes(smaps)).ShouldBe([(0x400000, 0x4000), (0x404000, 0x308000)]);
    }

    [Fact]
    public void Trimming_this_very_process_harms_nothing()
    {
        ResidentMemory.Trim();
        ResidentMemory.Trim();
        ResidentMemory.FindClean().ShouldNotBeEmpty();
    }

    [Fact]
    public void Discarded_memory_is_zero_and_usable()
    {
        using var memory = new AnonymousMemory(100_000);
        memory.Span.Fill(7);
        memory.Discard();
        memory.Span.IndexOfAnyExcept((byte)0).ShouldBe(-1);
        memory.Span[^1] = 1;
    }
}
