namespace Sampan.Linux.Seccomp;

/// <summary>
/// System calls newer than the libseccomp of current distributions (Debian 12 has 2.5.4, which stops at Linux 5.17). Without them an
/// allowed fchmodat2 would fail with EPERM and chmod with it. Since 5.1 a call has one number on all architectures.
/// </summary>
internal static class RecentSystemCalls
{
    /// <summary>uretprobe is the one number of x86-64 alone.</summary>
    private const int Uretprobe = 335;

    private static readonly (string Name, int Number)[] Table =
    [
        ("uretprobe", Uretprobe),
        ("set_mempolicy_home_node", 450),
        ("cachestat", 451),
        ("fchmodat2", 452),
        ("map_shadow_stack", 453),
        ("futex_wake", 454),
        ("futex_wait", 455),
        ("futex_requeue", 456),
        ("statmount", 457),
        ("listmount", 458),
        ("lsm_get_self_attr", 459),
        ("lsm_set_self_attr", 460),
        ("lsm_list_modules", 461),
        ("mseal", 462),
        ("setxattrat", 463),
        ("getxattrat", 464),
        ("listxattrat", 465),
        ("removexattrat", 466),
        ("open_tree_attr", 467),
        ("file_getattr", 468),
        ("file_setattr", 469),
    ];

    /// <summary>The number of a recent call.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="architecture">From <see cref="SeccompArchitecture"/>.</param>
    /// <returns>The number, or -1.</returns>
    public static int Find(string name, uint architecture)
    {
        foreach (var (known, number) in Table)
        {
            if (known == name)
            {
                return number == Uretprobe && architecture != SeccompArchitecture.X86_64 ? -1 : number;
            }
        }

        return -1;
    }
}
