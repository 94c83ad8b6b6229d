namespace Sampan.Linux.Cgroups;

/// <summary>How much of one RDMA device a group may hold (admin-guide/cgroup-v1/rdma.rst; version 2 has the same file).</summary>
/// <param name="Device">Such as "mlx5_1".</param>
/// <param name="Handles">Most handles; null leaves it alone.</param>
/// <param name="Objects">Most objects; null leaves it alone.</param>
public readonly record struct RdmaLimit(string Device, uint? Handles, uint? Objects)
{
    /// <summary>The line for rdma.max; empty when nothing is limited.</summary>
    /// <returns>Such as "mlx5_1 hca_handle=2 hca_object=2000".</returns>
    public override string ToString()
    {
        if (Handles is null && Objects is null)
        {
            return "";
        }

        var handles = Handles is { } most ? $" hca_handle={most}" : "";
        var objects = Objects is { } mostObjects ? $" hca_object={mostObjects}" : "";
        return Device + handles + objects;
    }
}
