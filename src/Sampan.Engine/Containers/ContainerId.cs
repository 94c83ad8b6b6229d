using Sampan.Linux.Interop;

namespace Sampan.Engine.Containers;

/// <summary>Ids: 32 random bytes in 64 lower case hex digits, as docker's.</summary>
internal static unsafe class ContainerId
{
    public const int Length = 64;

    /// <summary>An id nobody has. One whose short form is a number is not given out: scripts and --hostname would take it for one.</summary>
    public static string Generate()
    {
        // getrandom(2) by itself: the class library's generator would load OpenSSL for it.
        Span<byte> bytes = stackalloc byte[32];
        while (true)
        {
            fixed (byte* pointer = bytes)
            {
                Kernel.Check(Kernel.Call(SystemCall.Getrandom, (nint)pointer, bytes.Length), "get random bytes");
            }

            var id = Convert.ToHexStringLower(bytes);
            if (id.AsSpan(0, 12).ContainsAnyExceptInRange('0', '9'))
            {
                return id;
            }
        }
    }

    public static bool IsFull(string text) => text.Length == Length && IsHex(text);

    public static bool IsHex(string text)
    {
        foreach (var character in text)
        {
            if (!char.IsAsciiHexDigitLower(character))
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
