using Sampan.Linux.Seccomp;

namespace Sampan.Linux.Tests.Seccomp;

public sealed class SeccompCompilerTests
{
    private static readonly uint Refused = SeccompAction.Error(Errno.EPERM);
    private static readonly uint Unknown = SeccompAction.Error(Errno.ENOSYS);

    [Fact]
    public void NamedCallsAreAllowedOthersRefusedAndNewerOnesUnknown()
    {
        var program = Compile(new SeccompRule(["read", "write", "openat2"], SeccompAction.Allow, []));
        Ask(program, 0).ShouldBe(SeccompAction.Allow);
        Ask(program, 437).ShouldBe(SeccompAction.Allow);
        Ask(program, 2).ShouldBe(Refused);
        Ask(program, 438).ShouldBe(Unknown);
        Ask(program, 9999).ShouldBe(Unknown);
        BpfMachine.Run(program, SeccompArchitecture.X86, 3).ShouldBe(SeccompAction.Allow);
        BpfMachine.Run(program, SeccompArchitecture.X86, 9999).ShouldBe(Unknown);
        BpfMachine.Run(program, SeccompArchitecture.Aarch64, 0).ShouldBe(SeccompAction.KillThread);
    }

    [Fact]
    public void CallsNewerThanTheLibraryAreKnown()
    {
        var program = Compile(new SeccompRule(["fchmodat2", "removexattrat", "uretprobe", "no_such_call"], SeccompAction.Allow, []));
        Ask(program, 452).ShouldBe(SeccompAction.Allow);
        Ask(program, 466).ShouldBe(SeccompAction.Allow);
        Ask(program, 335).ShouldBe(SeccompAction.Allow);
        Ask(program, 453).ShouldBe(Refused);
        Ask(program, 467).ShouldBe(Unknown);
        BpfMachine.Run(program, SeccompArchitecture.X86, 335).ShouldBe(Refused);
        BpfMachine.Run(program, SeccompArchitecture.X86, 452).ShouldBe(SeccompAction.Allow);
    }

    [Fact]
    public void X32CallsGoThroughTheFilter()
    {
        var program = Compile(new SeccompRule(["getpid", "fchmodat2"], SeccompAction.Allow, []));
        Ask(program, 0x4000_0000 + 39).ShouldBe(SeccompAction.Allow);
        Ask(program, 0x4000_0000 + 2).ShouldBe(Refused);
    }

    [Fact]
    public void ArgumentsAreCompared()
    {
        var program = Compile(
            new SeccompRule(["personality"], SeccompAction.Allow, [new(0, SeccompOperator.Equal, 8)]),
            new SeccompRule(["clone"], SeccompAction.Allow, [new(0, SeccompOperator.MaskedEqual, 0x7E02_0000, 0)]));
        Ask(program, 135, 8).ShouldBe(SeccompAction.Allow);
        Ask(program, 135, 9).ShouldBe(Refused);
        Ask(program, 56, 0x11).ShouldBe(SeccompAction.Allow);
        Ask(program, 56, 0x1000_0011).ShouldBe(Refused);
    }

    [Fact]
    public void TwoComparisonsOfOneArgumentAreAlternatives()
    {
        var program = Compile(new SeccompRule(
            ["socket"],
            SeccompAction.Allow,
            [new(0, SeccompOperator.Equal, 1), new(0, SeccompOperator.Equal, 2)]));
        Ask(program, 41, 1).ShouldBe(SeccompAction.Allow);
        Ask(program, 41, 2).ShouldBe(SeccompAction.Allow);
        Ask(program, 41, 3).ShouldBe(Refused);
    }

    [Fact]
    public void APolicyThatAllowsByDefaultHidesNothing()
    {
        var program = SeccompCompiler.Compile(
            new(SeccompAction.Allow, SeccompArchitecture.NativeFamily, [new(["mount"], Refused, [])]));
        Ask(program, 165).ShouldBe(Refused);
        Ask(program, 9999).ShouldBe(SeccompAction.Allow);
    }

    [Fact]
    public void ArgumentsBeyondTheSixthAreRefused() =>
        Should.Throw<SampanException>(() => Compile(new SeccompRule(["read"], SeccompAction.Allow, [new(6, SeccompOperator.Equal, 1)])))
            .Kind.ShouldBe(ErrorKind.InvalidArgument);

    private static byte[] Compile(params SeccompRule[] rules)
    {
        Assert.SkipUnless(SeccompArchitecture.NativeFamily[0] == SeccompArchitecture.X86_64, "the numbers here are x86-64's");
        return SeccompCompiler.Compile(new(Refused, SeccompArchitecture.NativeFamily, rules));
    }

    private static uint Ask(byte[] program, int number, params ulong[] arguments) =>
        BpfMachine.Run(program, SeccompArchitecture.X86_64, number, arguments);
}
