using Sampan.Runtime.Checkpoints;

namespace Sampan.Runtime.Tests.Checkpoints;

/// <summary>The reason in a log of criu's.</summary>
public sealed class CriuLogTests
{
    [Fact]
    public void TheLastErrorsInTheirOrderWithoutTimesAndPlaces() => CriuLog.Reason(
        """
        (00.000749) Version: 3.17.1 (gitid 0)
        (00.017490) Error (criu/sockets.c:209): sockets: Diag module missing (-2)
        (00.030863) Error (criu/util.c:642): exited, status=1
        (00.828431)      1: Error (criu/files-reg.c:1710): Can't lookup mount=22 for fd=1 path=/tmp/output
        (00.828431)      2: Error (criu/files-reg.c:1710): Can't lookup mount=22 for fd=1 path=/tmp/output
        (00.828730) Error (criu/cr-dump.c:1635): Dump files (pid: 465) failed with -1
        (00.828730) Warn  (criu/cr-dump.c:1635): something else
        (01.114975) Error (criu/cr-dump.c:2053): Dumping FAILED.

        """).ShouldBe("sockets: Diag module missing (-2); Can't lookup mount=22 for fd=1 path=/tmp/output; Dump files (pid: 465) failed with -1");

    [Fact]
    public void WhatFailedBecauseOfAnotherIsLeftOut() => CriuLog.Reason(
        """
        (01.836347)     10: Error (criu/sk-inet.c:830): inet: Connected TCP socket in image
        (01.836348)     10: Error (criu/files.c:1216): Unable to open fd=3 id=0x15
        (01.836350)      3: Error (criu/files.c:880): Can't send file descriptor: Connection refused
        (01.836351)      3: Error (criu/files.c:1216): Unable to open fd=1 id=0x10
        (01.836400) Error (criu/cr-restore.c:1480): 8 exited, status=1
        (01.836500) Error (criu/cr-restore.c:2447): Restoring FAILED.

        """).ShouldBe("inet: Connected TCP socket in image");

    [Fact]
    public void NoMoreThanThree() => CriuLog.Reason("Error (a.c:1): one\nError (a.c:2): two\nError (a.c:3): three\nError (a.c:4): four").ShouldBe("two; three; four");

    [Theory]
    [InlineData("")]
    [InlineData("(00.000749) Version: 3.17.1 (gitid 0)\n")]
    [InlineData("Error (cut off")]
    public void NoErrorNoReason(string text) => CriuLog.Reason(text).ShouldBe("");
}
