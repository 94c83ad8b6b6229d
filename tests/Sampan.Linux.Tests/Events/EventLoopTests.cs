using Sampan.Linux.Events;
using Sampan.Linux.Files;
using Sampan.Linux.Sockets;

namespace Sampan.Linux.Tests.Events;

public sealed class EventLoopTests : IDisposable
{
    private readonly EventLoop _loop = new();
    private readonly (FileDescriptor Ours, FileDescriptor Theirs) _pair = UnixSocket.Pair();

    [Fact]
    public void Tells_what_happened_and_only_then()
    {
        var handler = new Recorder();
        _loop.Add(_pair.Ours.Number, EpollEvents.Readable, handler);
        _loop.RunOnce(0).ShouldBeFalse();
        _pair.Theirs.WriteAll("x"u8);
        _loop.RunOnce().ShouldBeTrue();
        handler.Seen.ShouldBe([(_pair.Ours.Number, EpollEvents.Readable)]);
    }

    [Fact]
    public void A_removed_descriptor_is_not_told_of_although_its_event_is_in_the_batch()
    {
        var (otherOurs, otherTheirs) = UnixSocket.Pair();
        using (otherOurs)
        using (otherTheirs)
        {
            var handler = new Recorder();

            // Whichever comes first takes the other away.
            handler.OnEvent = descriptor => _loop.Remove(descriptor == _pair.Ours.Number ? otherOurs.Number : _pair.Ours.Number);
            _loop.Add(_pair.Ours.Number, EpollEvents.Readable, handler);
            _loop.Add(otherOurs.Number, EpollEvents.Readable, handler);
            _pair.Theirs.WriteAll("x"u8);
            otherTheirs.WriteAll("x"u8);
            _loop.RunOnce();
            handler.Seen.Count.ShouldBe(1);
        }
    }

    [Fact]
    public void Interest_can_change()
    {
        var handler = new Recorder();
        _loop.Add(_pair.Ours.Number, EpollEvents.Readable, handler);
        _loop.Modify(_pair.Ours.Number, EpollEvents.Writable);
        _loop.RunOnce(0).ShouldBeTrue();
        handler.Seen.ShouldBe([(_pair.Ours.Number, EpollEvents.Writable)]);
    }

    [Fact]
    public void A_timer_expires_once_and_can_be_stopped()
    {
        using var timer = new TimerDescriptor();
        var handler = new Recorder();
        _loop.Add(timer.Descriptor.Number, EpollEvents.Readable, handler);
        timer.Arm(0);
        _loop.RunOnce().ShouldBeTrue();
        timer.Acknowledge();
        _loop.RunOnce(0).ShouldBeFalse();
        timer.Arm(1);
        timer.Disarm();
        _loop.RunOnce(20).ShouldBeFalse();
    }

    [Fact]
    public void Inotify_tells_of_a_write()
    {
        using var directory = new Files.TemporaryDirectory();
        using var inotify = new Inotify();
        inotify.Watch(directory.Path, InotifyEvents.Modified | InotifyEvents.Created);
        inotify.Drain().ShouldBe(InotifyEvents.None);
        File.WriteAllText(directory["file"], "x");
        Poll.Wait(inotify.Descriptor.Number, EpollEvents.Readable, 5000).ShouldBeTrue();
        inotify.Drain().ShouldBe(InotifyEvents.Created | InotifyEvents.Modified);
    }

    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("sigkill", 9)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("rtmax-1", 63)]
    [InlineData("64", 64)]
    [InlineData("65", null)]
    [InlineData("0", null)]
    [InlineData("SIGNONE", null)]
    [InlineData("", null)]
    [InlineData("RTMIN+99", null)]
    public void Signals_are_found_by_name(string text, int? number) => SignalNames.TryParse(text).ShouldBe(number);

    public void Dispose()
    {
        _loop.Dispose();
        _pair.Ours.Dispose();
        _pair.Theirs.Dispose();
    }

    private sealed class Recorder : IEventHandler
    {
        public List<(int Descriptor, EpollEvents Events)> Seen { get; } = [];

        public Action<int>? OnEvent { get; set; }

        public void OnReady(int descriptor, EpollEvents events)
        {
            Seen.Add((descriptor, events));
            OnEvent?.Invoke(descriptor);
        }
    }
}
