using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Tests.Plans;

public sealed class ElfHeaderTests
{
    [Fact]
    public void This_machines_shell_is_recognised()
    {
        var head = File.ReadAllBytes("/bin/sh").AsSpan(0, 4096);
        ElfHeader.MachineName(head).ShouldBe(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86-64");
        ElfHeader.Interpreter(head).ShouldNotBeNull().ShouldStartWith("/lib");
    }

    [Fact]
    public void A_foreign_machine_is_named_and_a_text_has_none()
    {
        var head = File.ReadAllBytes("/bin/sh").AsSpan(0, 64).ToArray();
        head[18] = 22;
        ElfHeader.MachineName(head).ShouldBe("s390x");
        ElfHeader.MachineName("#!/bin/sh\n"u8).ShouldBeNull();
    }

    [Fact]
    public void A_header_that_lies_about_its_table_yields_nothing()
    {
        var head = File.ReadAllBytes("/bin/sh").AsSpan(0, 4096).ToArray();
        BitConverter.TryWriteBytes(head.AsSpan(32), ulong.MaxValue - 8);
        ElfHeader.Interpreter(head).ShouldBeNull();
    }
}
