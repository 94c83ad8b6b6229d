namespace Sampan.Linux.Files;

/// <summary>One name of a directory (getdents64(2)).</summary>
/// <param name="Name">The name, never "." or "..".</param>
/// <param name="Type">Its type; <see cref="FileType.Unknown"/> where the file system does not say.</param>
/// <param name="Inode">Its inode number.</param>
public readonly record struct DirectoryEntry(FileName Name, FileType Type, ulong Inode);
