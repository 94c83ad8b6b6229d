using System.Runtime.InteropServices;
using System.Text;
using Sampan.Linux.Interop;

namespace Sampan.Linux.Files;

public sealed unsafe partial class FileDescriptor
{
    /// <summary>Sets an extended attribute of the open file (xattr(7)).</summary>
    /// <param name="attribute">Full name, as "security.capability".</param>
    /// <param name="value">Its bytes.</param>
    /// <returns>None, or why not: ENOTSUP where the file system has no such attributes.</returns>
    public Errno TrySetAttribute(FileName attribute, ReadOnlySpan<byte> value)
    {
        fixed (byte* name = attribute.Terminated)
        fixed (byte* data = value)
        {
            var result = Kernel.Call(SystemCall.Fsetxattr, handle, (nint)name, (nint)data, value.Length, 0);
            return result < 0 ? (Errno)(int)-result : Errno.None;
        }
    }

    /// <summary>Sets an extended attribute of a name of this directory, not following a link. Needs /proc.</summary>
    /// <param name="name">The name.</param>
    /// <param name="attribute">Full name of the attribute.</param>
    /// <param name="value">Its bytes.</param>
    /// <returns>None, or why not.</returns>
    public Errno TrySetAttributeAt(FileName name, FileName attribute, ReadOnlySpan<byte> value)
    {
        fixed (byte* path = Through(name).Terminated)
        fixed (byte* key = attribute.Terminated)
        fixed (byte* data = value)
        {
            var result = Kernel.Call(SystemCall.Lsetxattr, (nint)path, (nint)key, (nint)data, value.Length, 0);
            return result < 0 ? (Errno)(int)-result : Errno.None;
        }
    }

    /// <summary>The extended attributes of a name of this directory, not following a link. Needs /proc.</summary>
    /// <param name="name">The name; "." for this directory.</param>
    /// <returns>Names and values; empty where the file system has none.</returns>
    /// <exception cref="LinuxException">llistxattr(2) or lgetxattr(2) failed.</exception>
    public IReadOnlyList<KeyValuePair<FileName, byte[]>> AttributesAt(FileName name)
    {
        var path = Through(name);
        return Attributes(path, name, SystemCall.Llistxattr, SystemCall.Lgetxattr);
    }

    /// <summary>The extended attributes of the open file itself, opened O_PATH or not. Needs /proc.</summary>
    /// <returns>Names and values; empty where the file system has none.</returns>
    /// <exception cref="LinuxException">listxattr(2) or getxattr(2) failed.</exception>
    public IReadOnlyList<KeyValuePair<FileName, byte[]>> Attributes()
    {
        // The f-calls refuse a descriptor opened O_PATH; the magic link leads to the very file (proc(5)).
        FileName path = Encoding.ASCII.GetBytes($"/proc/self/fd/{handle}").AsSpan();
        return Attributes(path, path, SystemCall.Listxattr, SystemCall.Getxattr);
    }

    /// <summary>One extended attribute of a name of this directory, not following a link. Needs /proc.</summary>
    /// <param name="name">The name; "." for this directory.</param>
    /// <param name="attribute">Full name of the attribute.</param>
    /// <returns>Its bytes, or null when there is none.</returns>
    /// <exception cref="LinuxException">lgetxattr(2) failed.</exception>
    public byte[]? TryGetAttributeAt(FileName name, FileName attribute) => Value(Through(name), attribute, name, SystemCall.Lgetxattr);

    private static List<KeyValuePair<FileName, byte[]>> Attributes(FileName path, FileName name, nint list, nint get)
    {
        List<KeyValuePair<FileName, byte[]>> result = [];
        var names = Names(path, name, list);
        var rest = names.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)0);
            var attribute = FileName.FromBytes(rest[..end]);
            rest = rest[(end + 1)..];
            if (Value(path, attribute, name, get) is { } value)
            {
                result.Add(new(attribute, value));
            }
        }

        return result;
    }

    private static byte[] Names(FileName path, FileName name, nint call)
    {
        fixed (byte* pointer = path.Terminated)
        {
            while (true)
            {
                var size = Kernel.Call(call, (nint)pointer, 0, 0);
                if (size is 0 or -(int)Errno.EOPNOTSUPP)
                {
                    return [];
                }

                var buffer = new byte[Kernel.Check(size, "list attributes", name.ToString())];
                fixed (byte* data = buffer)
                {
                    var length = Kernel.Call(call, (nint)pointer, (nint)data, buffer.Length);
                    if (length == -(int)Errno.ERANGE)
                    {
                        continue;
                    }

                    return buffer.AsSpan(0, (int)Kernel.Check(length, "list attributes", name.ToString())).ToArray();
                }
            }
        }
    }

    private static byte[]? Value(FileName path, FileName attribute, FileName name, nint call)
    {
        // XATTR_SIZE_MAX is 64 KiB (linux/limits.h); most values are a few bytes.
        var size = 256;
        while (true)
        {
            var buffer = NativeMemory.Alloc((nuint)size);
            try
            {
                nint length;
                fixed (byte* pointer = path.Terminated)
                fixed (byte* key = attribute.Terminated)
                {
                    length = Kernel.Call(call, (nint)pointer, (nint)key, (nint)buffer, size);
                }

                if (length == -(int)Errno.ERANGE && size < 65536)
                {
                    size = 65536;
                    continue;
                }

                return length is -(int)Errno.ENODATA or -(int)Errno.EOPNOTSUPP
                    ? null
                    : new ReadOnlySpan<byte>(buffer, (int)Kernel.Check(length, "get attribute " + attribute, name.ToString())).ToArray();
            }
            finally
            {
                NativeMemory.Free(buffer);
            }
        }
    }

    // There is no setxattrat(2) before Linux 6.13: /proc/self/fd/N pins the directory, and the l-calls do not follow the last name.
    private FileName Through(FileName name)
    {
        var directory = Encoding.ASCII.GetBytes($"/proc/self/fd/{handle}/");
        var path = new byte[directory.Length + name.Bytes.Length];
        directory.CopyTo(path, 0);
        name.Bytes.CopyTo(path.AsSpan(directory.Length));
        return FileName.FromBytes(path);
    }
}
