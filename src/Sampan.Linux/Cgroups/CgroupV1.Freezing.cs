namespace Sampan.Linux.Cgroups;

/// <summary>Freezing: by the cgroup2 group of a hybrid host, else by the freezer controller (admin-guide/cgroup-v1/freezer-subsystem.rst).</summary>
internal sealed partial class CgroupV1
{
    private const string State = "freezer.state";
    private const string Frozen = "FROZEN";
    private const string Thawed = "THAWED";

    /// <inheritdoc/>
    public override bool IsFrozen => _unified?.IsFrozen
        ?? (Find("freezer") is { } freezer && CgroupFile.TryReadNumber(freezer.File("freezer.self_freezing")) is 1);

    /// <inheritdoc/>
    public override void Freeze()
    {
        var deadline = CgroupDirectory.Now() + Patience;
        if (_unified is null)
        {
            Freeze(Freezer(), deadline);
        }
        else if (!_unified.Freeze(deadline))
        {
            throw DidNotFreeze(_unified.Directory.Path);
        }
    }

    /// <inheritdoc/>
    public override void Thaw()
    {
        if (_unified is null)
        {
            // Takes effect within the write, whatever the group was up to.
            CgroupFile.Write(Freezer().File(State), Thawed);
        }
        else if (!_unified.Thaw(CgroupDirectory.Now() + Patience))
        {
            throw DidNotThaw(_unified.Directory.Path);
        }
    }

    /// <summary>
    /// Freezes by the controller. It has no event: a group that is still FREEZING is asked again, for a process that was being forked or
    /// moved in while the controller went through the group is only caught by another round. Now and then the group is let go, so that
    /// what cannot stop where it is comes to where it can. A group that does not freeze is left thawed.
    /// </summary>
    /// <param name="freezer">The group in the controller's tree.</param>
    /// <param name="deadline">When to give up.</param>
    /// <exception cref="SampanException"><see cref="ErrorKind.Unavailable"/>: it did not freeze in time.</exception>
    /// <exception cref="LinuxException">The controller refuses.</exception>
    internal static void Freeze(CgroupDirectory freezer, long deadline)
    {
        var frozen = false;
        try
        {
            for (var round = 1; !frozen && CgroupDirectory.Now() < deadline; round++)
            {
                if (round % 50 == 0)
                {
                    CgroupFile.Write(freezer.File(State), Thawed);
                }

                if (round % 5 == 0)
                {
                    CgroupDirectory.Pause();
                }

                CgroupFile.Write(freezer.File(State), Frozen);
                frozen = CgroupFile.TryRead(freezer.File(State)) == Frozen;
            }
        }
        finally
        {
            if (!frozen)
            {
                _ = CgroupFile.TryWrite(freezer.File(State), Thawed);
            }
        }

        if (!frozen)
        {
            throw DidNotFreeze(freezer.Path);
        }
    }

    private CgroupDirectory Freezer() => Find("freezer")
        ?? throw SampanException.Unavailable("cannot freeze: this host has no freezer cgroup controller and no cgroup2 tree");
}
