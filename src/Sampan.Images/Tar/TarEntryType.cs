namespace Sampan.Images.Tar;

/// <summary>What an entry is. The values are the type flags of the header (tar(5)).</summary>
internal enum TarEntryType
{
    Regular = '0',
    HardLink = '1',
    SymbolicLink = '2',
    CharacterDevice = '3',
    BlockDevice = '4',
    Directory = '5',
    Fifo = '6',
}
