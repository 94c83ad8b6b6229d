using System.Text;
using Sampan.Linux.Processes;

namespace Sampan.Linux.Tests.Processes;

public sealed class ProcessStatusTests
{
    private const ulong Term = 1UL << 14;

    [Theory]
    [InlineData("7", 0, 0, 0, false)]
    [InlineData("7", 0, Term, 0, true)]
    [InlineData("7\t1", 0, 0, 0, true)]
    [InlineData("7\t1", 0, 0, Term, false)]
    [InlineData("7\t1", Term, 0, 0, false)]
    [InlineData("7\t1", 0, Term, 0, true)]
    [InlineData("7\t12", 0, 0, 0, false)]
    [InlineData("7\t21", 0, 0, 0, false)]
    [InlineData("7\t3\t1", 0, 0, 0, true)]
    public void Knows_who_does_not_hear_a_signal(string numbers, ulong blocked, ulong ignored, ulong caught, bool deaf)
    {
        var status = Encoding.ASCII.GetBytes($"Name:\tsh\nNSpid:\t{numbers}\nSigPnd:\t0\nSigBlk:\t{blocked:x16}\nSigIgn:\t{ignored:x16}\nSigCgt:\t{caught:x16}\nCapInh:\t0\n");
        ProcessStatus.IsDeafTo(status, 15).ShouldBe(deaf);
        ProcessStatus.IsDeafTo(status, 9).ShouldBeFalse("SIGKILL is always heard");
    }

    [Fact]
    public void What_is_gone_is_not_deaf() => ProcessStatus.IsDeafTo(int.MaxValue, 15).ShouldBeFalse();
}
