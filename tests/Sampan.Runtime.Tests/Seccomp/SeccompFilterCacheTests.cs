using System.Text;
using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Runtime.Seccomp;

namespace Sampan.Runtime.Tests.Seccomp;

public sealed class SeccompFilterCacheTests : IDisposable
{
    private static readonly CapabilitySet Plain = CapabilitySet.ContainerDefault;

    private readonly string _directory = Directory.CreateTempSubdirectory("sampan-seccomp-").FullName;

    private SeccompFilterCache Cache => new(_directory + "/filters");

    private string[] Entries => Directory.Exists(_directory + "/filters") ? Directory.GetFiles(_directory + "/filters") : [];

    public void Dispose() => Directory.Delete(_directory, true);

    [Fact]
    public void TheSecondTimeTheFilterComesFromDisk()
    {
        var compiled = Cache.Default(Plain);
        (compiled.Length % 8).ShouldBe(0);
        var written = File.GetLastWriteTimeUtc(Entries.ShouldHaveSingleItem());
        Cache.Default(Plain).ShouldBe(compiled);
        File.GetLastWriteTimeUtc(Entries.Single()).ShouldBe(written);
    }

    [Fact]
    public void OtherCapabilitiesAreAnotherFilter()
    {
        Cache.Default(Plain).ShouldNotBe(Cache.Default(CapabilitySet.All));
        Entries.Length.ShouldBe(2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(-3)]
    public void ADamagedEntryIsMadeAgain(int position)
    {
        var compiled = Cache.Default(Plain);
        var path = Entries.Single();
        var bytes = File.ReadAllBytes(path);
        bytes[position < 0 ? bytes.Length + position : position] ^= 1;
        File.WriteAllBytes(path, bytes);
        Cache.Default(Plain).ShouldBe(compiled);
        File.WriteAllBytes(path, bytes[..100]);
        Cache.Default(Plain).ShouldBe(compiled);
        File.ReadAllBytes(path).Length.ShouldBe(bytes.Length);
    }

    [Fact]
    public void AnEntryOfTheSameNameForAnotherTextIsNotUsed()
    {
        var key = "one"u8.ToArray();
        var entry = SeccompCacheEntry.Write(key, new byte[16]);
        SeccompCacheEntry.TryRead(entry, key).ShouldBe(new byte[16]);
        SeccompCacheEntry.TryRead(entry, "two"u8).ShouldBeNull();
    }

    [Fact]
    public void AnUnwritableCacheCostsOnlyTime()
    {
        var cache = new SeccompFilterCache("/proc/sampan/filters");
        cache.Default(Plain).ShouldNotBeEmpty();
    }

    [Fact]
    public void AUsersProfileDecidesItsConditions()
    {
        var profile = Encoding.UTF8.GetBytes("""
            {
              "defaultAction": "SCMP_ACT_ERRNO",
              "archMap": [{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]}],
              "syscalls": [
                {"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [], "comment": "", "includes": {}, "excludes": {}},
                {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
                {"name": "ptrace", "action": "SCMP_ACT_ALLOW", "includes": {"minKernel": "4.8"}},
                {"names": ["bpf"], "action": "SCMP_ACT_ALLOW", "excludes": {"minKernel": "4.8"}},
                {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "excludes": {"caps": ["CAP_SYS_ADMIN"]},
                  "args": [{"index": 0, "value": 18446744073709551615, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]}
              ]
            }
            """);
        var policy = SeccompProfileReader.Read(profile, Plain, "6.1.0-13-amd64");
        policy.Syscalls!.SelectMany(rule => rule.Names).ShouldBe(["read", "ptrace", "clone"]);
        SeccompProfileReader.Read(profile, CapabilitySet.All, "4.4").Syscalls!.SelectMany(rule => rule.Names).ShouldBe(["read", "mount", "bpf"]);
        Cache.Profile(profile, Plain).ShouldNotBeEmpty();
        Cache.Profile(profile, CapabilitySet.All).ShouldNotBeEmpty();
        Entries.Length.ShouldBe(2);
        Cache.Document(policy).ShouldBe(Cache.Profile(profile, Plain));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"defaultAction\": 3}")]
    [InlineData("{\"defaultAction\": \"SCMP_ACT_NONSENSE\"}")]
    [InlineData("{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"SCMP_ARCH_X86\"], \"archMap\": [{\"architecture\": \"x\"}]}")]
    public void WhatIsNoProfileIsAnError(string text) =>
        Should.Throw<SampanException>(() => Cache.Profile(Encoding.UTF8.GetBytes(text), Plain)).Kind.ShouldBe(ErrorKind.InvalidArgument);
}
