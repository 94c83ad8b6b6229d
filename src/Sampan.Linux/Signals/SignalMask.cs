using System.Runtime.CompilerServices;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Signals;

/// <summary>Which signals wait instead of acting (sigprocmask(2)).</summary>
public static unsafe class SignalMask
{
    private const int ActionBlock = 0;
    private const int ActionUnblock = 1;
    private const int ActionSet = 2;

    /// <summary>
    /// Blocks signals in every thread of a program whose only threads are the caller's and the garbage collector's finalizer: a signal
    /// sent to the process goes to any thread that does not block it, so that blocking it in one thread alone would block nothing.
    /// </summary>
    /// <param name="signals">The signals.</param>
    public static void BlockEverywhere(SignalSet signals)
    {
        Change(ActionBlock, signals);
        SendToFinalizerThread(signals);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
    }

    /// <summary>Blocks signals in this thread: enough where the others block them too, from their beginning.</summary>
    /// <param name="signals">The signals.</param>
    public static void Block(SignalSet signals) => Change(ActionBlock, signals);

    /// <summary>Lets just these signals wait in this thread.</summary>
    /// <param name="signals">The signals.</param>
    public static void Set(SignalSet signals) => Change(ActionSet, signals);

    /// <summary>Lets signals act in this thread; those that wait act at once.</summary>
    /// <param name="signals">The signals.</param>
    public static void Unblock(SignalSet signals) => Change(ActionUnblock, signals);

    /// <summary>Ends this process the way a signal it had blocked would have, so that its parent sees the signal.</summary>
    /// <param name="signal">Number of the signal.</param>
    public static void DieOf(int signal)
    {
        Unblock(SignalSet.Of(signal));
        _ = Kernel.Call(SystemCall.Kill, Kernel.Call(SystemCall.Getpid), signal);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SendToFinalizerThread(SignalSet signals) => _ = new Messenger(signals);

    private static void Change(int action, SignalSet signals)
    {
        var bits = signals.Bits;
        Kernel.Check(Kernel.Call(SystemCall.RtSigprocmask, action, (nint)(&bits), 0, sizeof(ulong)), "change signal mask");
    }

    // Its finalizer runs on the one thread of the runtime that would otherwise take the signals.
    private sealed class Messenger(SignalSet signals)
    {
#pragma warning disable MA0055 // The finalizer's thread is the point: nothing is released here.
        ~Messenger() => Change(ActionBlock, signals);
#pragma warning restore MA0055
    }
}
