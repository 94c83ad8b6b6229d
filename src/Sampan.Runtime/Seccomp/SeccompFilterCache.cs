using System.Text;
using Sampan.Linux;
using Sampan.Linux.Capabilities;
using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Linux.Seccomp;
using Sampan.Oci.Runtime;

namespace Sampan.Runtime.Seccomp;

/// <summary>
/// Compiled filters on disk: compiling docker's policy takes longer than all the rest of a start. An entry holds the whole text it was
/// compiled from and is used only when that text is equal, so a name's hash need not be a strong one (the strong ones load OpenSSL, which
/// costs milliseconds). A damaged entry is made again. Losing the cache loses nothing.
/// </summary>
/// <param name="directory">Where entries live; made on first use, for its owner only.</param>
public sealed class SeccompFilterCache(string directory)
{
    /// <summary>The filter of the default policy.</summary>
    /// <param name="capabilities">The container's bounding set.</param>
    /// <returns>BPF, an array of struct sock_filter.</returns>
    /// <exception cref="SampanException">libseccomp refuses the policy.</exception>
    public byte[] Default(CapabilitySet capabilities) =>
        GetOrCompile(Key("default", capabilities, ""), () => DefaultSeccompPolicy.For(capabilities));

    /// <summary>The filter of a user's profile.</summary>
    /// <param name="profile">The file's content.</param>
    /// <param name="capabilities">The container's bounding set.</param>
    /// <returns>BPF, an array of struct sock_filter.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: not a profile, or libseccomp refuses it.</exception>
    public byte[] Profile(byte[] profile, CapabilitySet capabilities)
    {
        using var file = FileDescriptor.Open("/proc/sys/kernel/osrelease", OpenFlags.ReadOnly);
        var kernel = Encoding.ASCII.GetString(file.ReadToEnd(4096)).TrimEnd();
        byte[] key = [.. Key("profile", capabilities, kernel), .. profile];
        return GetOrCompile(key, () => SeccompProfileReader.Read(profile, capabilities, kernel));
    }

    /// <summary>The filter of an OCI document.</summary>
    /// <param name="section">Its seccomp section.</param>
    /// <returns>BPF, an array of struct sock_filter.</returns>
    /// <exception cref="SampanException"><see cref="ErrorKind.InvalidArgument"/>: the section is malformed or libseccomp refuses it.</exception>
    public byte[] Document(RuntimeSeccomp section)
    {
        var json = RuntimeJson.RuntimeSeccomp.ToBytes(section);
        return GetOrCompile([.. Key("document", CapabilitySet.Empty, ""), .. json], () => section);
    }

    private static byte[] Key(string kind, CapabilitySet capabilities, string kernel) => Encoding.ASCII.GetBytes(
        $"{kind} {DefaultSeccompPolicy.Version} {DefaultSeccompPolicy.Architectures[0]} {capabilities.Bits:x} {kernel}\n");

    private byte[] GetOrCompile(byte[] key, Func<RuntimeSeccomp> policy)
    {
        var path = $"{directory}/{SeccompCacheEntry.Hash(key):x16}.bpf";
        using (var file = TryOpen(path))
        {
            if (file is not null && SeccompCacheEntry.TryRead(file.ReadToEnd(), key) is { } cached)
            {
                return cached;
            }
        }

        var program = SeccompCompiler.Compile(SeccompPolicyReader.Read(policy()));
        Store(path, SeccompCacheEntry.Write(key, program));
        return program;
    }

    // Another user's cache is no cache.
    private static FileDescriptor? TryOpen(string path)
    {
        try
        {
            return FileDescriptor.TryOpenRegular(path, OpenFlags.ReadOnly, 0, out _);
        }
        catch (LinuxException error) when (error.Errno == Errno.EACCES)
        {
            return null;
        }
    }

    // Written beside and renamed: a reader sees all of an entry or none. A full or read-only disk costs time, not the container.
    private void Store(string path, byte[] entry)
    {
        var temporary = $"{path}.{Kernel.Call(SystemCall.Getpid)}";
        try
        {
            MakeDirectory();
            using (var file = FileDescriptor.Open(temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow, 0x180))
            {
                file.WriteAll(entry);
            }

            File.Move(temporary, path, true);
        }
        catch (Exception error) when (error is LinuxException or IOException or UnauthorizedAccessException)
        {
            using var native = Kernel.Native(temporary);
            _ = Kernel.Call(SystemCall.UnlinkAt, FileDescriptor.WorkingDirectory, native);
        }
    }

    private void MakeDirectory()
    {
        if (Path.GetDirectoryName(directory) is { } parent)
        {
            Directory.CreateDirectory(parent);
        }

        using var native = Kernel.Native(directory);
        var result = Kernel.Call(SystemCall.MkdirAt, FileDescriptor.WorkingDirectory, native, 0x1C0);
        if (result != -(int)Errno.EEXIST)
        {
            Kernel.Check(result, "make directory", directory);
        }
    }
}
