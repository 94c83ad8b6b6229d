using Sampan.Linux.Capabilities;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Seccomp;

namespace Sampan.Runtime.Tests.Seccomp;

public sealed class DefaultSeccompPolicyTests
{
    private static readonly RuntimeSeccomp Plain = DefaultSeccompPolicy.For(CapabilitySet.ContainerDefault);

    [Theory]
    [InlineData("read")]
    [InlineData("fchmodat2")]
    [InlineData("futex_waitv")]
    [InlineData("chroot")]
    [InlineData("ptrace")]
    public void WhatProgramsUseIsAllowed(string name) => Allowed(Plain, name).ShouldBeTrue();

    [Theory]
    [InlineData("mount")]
    [InlineData("unshare")]
    [InlineData("keyctl")]
    [InlineData("io_uring_setup")]
    [InlineData("bpf")]
    [InlineData("init_module")]
    [InlineData("kexec_load")]
    [InlineData("userfaultfd")]
    [InlineData("open_by_handle_at")]
    [InlineData("reboot")]
    public void WhatAdministersTheHostIsNot(string name) => Allowed(Plain, name).ShouldBeFalse();

    [Fact]
    public void ACapabilityBringsItsCallsBack()
    {
        Allowed(DefaultSeccompPolicy.For(CapabilitySet.ContainerDefault.With(Capability.SysAdmin)), "mount").ShouldBeTrue();
        Allowed(DefaultSeccompPolicy.For(CapabilitySet.Of(Capability.Chown)), "chroot").ShouldBeFalse();
    }

    [Fact]
    public void Clone3IsUnknownUnlessTheContainerAdministersNamespaces()
    {
        Plain.Syscalls!.Single(rule => rule.Names.Contains("clone3")).ErrnoRet.ShouldBe(38u);
        Plain.Syscalls!.Single(rule => rule.Names.Contains("clone")).Args!.Single().Value.ShouldBe(0x7E020000UL);
        Allowed(DefaultSeccompPolicy.For(CapabilitySet.All), "clone3").ShouldBeTrue();
    }

    [Fact]
    public void NoNameIsListedTwice() => AllowedSystemCalls.All.Distinct().Count().ShouldBe(AllowedSystemCalls.All.Count);

    private static bool Allowed(RuntimeSeccomp policy, string name) =>
        policy.Syscalls!.Any(rule => rule.Action == "SCMP_ACT_ALLOW" && rule.Args is null && rule.Names.Contains(name));
}
