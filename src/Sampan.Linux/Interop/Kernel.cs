using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Sampan.Linux.Interop;

/// <summary>System calls from ordinary managed code: results checked, EINTR restarted, errors thrown as <see cref="LinuxException"/>.</summary>
public static unsafe class Kernel
{
    /// <summary>Makes a call that does not block.</summary>
    /// <param name="number">From <see cref="SystemCall"/>.</param>
    /// <param name="a0">First argument.</param>
    /// <param name="a1">Second argument.</param>
    /// <param name="a2">Third argument.</param>
    /// <param name="a3">Fourth argument.</param>
    /// <param name="a4">Fifth argument.</param>
    /// <param name="a5">Sixth argument.</param>
    /// <returns>The result when it is not negative, else minus the error number.</returns>
    public static nint Call(nint number, nint a0 = 0, nint a1 = 0, nint a2 = 0, nint a3 = 0, nint a4 = 0, nint a5 = 0)
    {
        while (true)
        {
            var result = Libc.Syscall(number, a0, a1, a2, a3, a4, a5);
            if (result != -1)
            {
                return result;
            }

            var errno = *Libc.ErrnoLocation();
            if (errno != (int)Errno.EINTR)
            {
                return -errno;
            }
        }
    }

    /// <summary>Makes a call that may block. EINTR is returned, since a caller that waits may want to look at a flag first.</summary>
    /// <inheritdoc cref="Call"/>
    public static nint CallBlocking(nint number, nint a0 = 0, nint a1 = 0, nint a2 = 0, nint a3 = 0, nint a4 = 0, nint a5 = 0)
    {
        var result = Libc.BlockingSyscall(number, a0, a1, a2, a3, a4, a5);
        return result != -1 ? result : -*Libc.ErrnoLocation();
    }

    /// <summary>Throws when <paramref name="result"/> is an error.</summary>
    /// <param name="result">What <see cref="Call"/> returned.</param>
    /// <param name="operation">Verb phrase for the message.</param>
    /// <param name="target">Object for the message.</param>
    /// <returns><paramref name="result"/>, when it is not negative.</returns>
    /// <exception cref="LinuxException">The call failed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Check(nint result, string operation, string target = "")
    {
        if (result < 0)
        {
            Throw(result, operation, target);
        }

        return result;
    }

    /// <summary>A NUL-terminated UTF-8 copy of a path in unmanaged memory; dispose to free.</summary>
    /// <param name="value">The string. NUL inside it is refused: the kernel would see another path than we checked.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the string contains NUL.</exception>
    public static NativeString Native(string value) => new(value);

    private static void Throw(nint result, string operation, string target) =>
        throw new LinuxException((Errno)(int)-result, operation, target);
}

/// <summary>A NUL-terminated UTF-8 string in unmanaged memory, freed on dispose.</summary>
public readonly unsafe ref struct NativeString
{
    private readonly byte* _pointer;

    internal NativeString(string value)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw SampanException.InvalidArgument($"invalid string \"{value.Replace("\0", "\\0", StringComparison.Ordinal)}\": contains NUL");
        }

        var length = Encoding.UTF8.GetByteCount(value);
        _pointer = (byte*)NativeMemory.Alloc((nuint)length + 1);
        Encoding.UTF8.GetBytes(value, new Span<byte>(_pointer, length));
        _pointer[length] = 0;
    }

    /// <summary>The address, for a system call's argument.</summary>
    /// <param name="text">The string.</param>
    public static implicit operator nint(NativeString text) => (nint)text._pointer;

    /// <summary>Frees the memory.</summary>
    public void Dispose() => NativeMemory.Free(_pointer);
}
