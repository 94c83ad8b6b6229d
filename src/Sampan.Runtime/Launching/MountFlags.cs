namespace Sampan.Runtime.Launching;

/// <summary>Constants of the mount calls (mount(2), mount_setattr(2), fsopen(2), open_tree(2), move_mount(2)).</summary>
internal static class MountFlags
{
    public const ulong AttributeReadOnly = 0x1;
    public const ulong AttributeNoSuid = 0x2;
    public const ulong AttributeNoDev = 0x4;
    public const ulong AttributeNoExec = 0x8;
    public const ulong AttributeNoAtime = 0x10;
    public const ulong AttributeStrictAtime = 0x20;
    public const ulong AttributeAtime = 0x70;
    public const ulong AttributeNoDirAtime = 0x80;
    public const ulong AttributeIdMap = 0x10_0000;
    public const ulong AttributeNoSymFollow = 0x20_0000;

    public const ulong Unbindable = 1 << 17;
    public const ulong Private = 1 << 18;
    public const ulong Slave = 1 << 19;
    public const ulong Shared = 1 << 20;
    public const int Move = 0x2000;
    public const int Recursive = 0x4000;

    public const int AtFdCwd = -100;
    public const int AtEmptyPath = 0x1000;
    public const int AtRecursive = 0x8000;
    public const int FsOpenCloseOnExec = 1;
    public const int FsMountCloseOnExec = 1;
    public const int FsConfigSetFlag = 0;
    public const int FsConfigSetString = 1;
    public const int FsConfigCreate = 6;
    public const int FsConfigReconfigure = 7;
    public const int FsPickCloseOnExec = 1;
    public const int FsPickEmptyPath = 8;
    public const int OpenTreeClone = 1;
    public const int OpenTreeCloseOnExec = 0x8_0000;
    public const int MoveMountFromEmptyPath = 0x04;
    public const int MoveMountToEmptyPath = 0x40;
    public const int UnmountDetach = 2;
}
