using Sampan.Linux.Files;

namespace Sampan.Linux.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Excludes_a_second_holder_until_released()
    {
        using (FileLock.Acquire(_directory["lock"]))
        {
            FileLock.TryAcquire(_directory["lock"]).ShouldBeNull();
            FileLock.TryAcquire(_directory["lock"], shared: true).ShouldBeNull();
            FileLock.IsHeld(_directory["lock"]).ShouldBeTrue();
        }

        using var second = FileLock.TryAcquire(_directory["lock"]);
        second.ShouldNotBeNull();
    }

    [Fact]
    public void Shared_holders_bear_each_other()
    {
        using var first = FileLock.Acquire(_directory["lock"], shared: true);
        using var second = FileLock.TryAcquire(_directory["lock"], shared: true);

        second.ShouldNotBeNull();
        FileLock.TryAcquire(_directory["lock"]).ShouldBeNull();
    }

    [Fact]
    public void A_missing_file_is_not_locked() => FileLock.IsHeld(_directory["none"]).ShouldBeFalse();
}
