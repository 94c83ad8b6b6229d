using System.Text;
using Sampan.Linux;
using Sampan.Linux.Files;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>A user namespace that nobody is in: it only holds the mappings a mount takes (mount_setattr(2), MOUNT_ATTR_IDMAP).</summary>
public static class MappingNamespace
{
    /// <summary>Makes one.</summary>
    /// <param name="owners">Its mappings.</param>
    /// <returns>A descriptor of it; it lives as long as something refers to it.</returns>
    /// <exception cref="SampanException">The kernel refuses a mapping.</exception>
    public static unsafe FileDescriptor Create(OwnerMapping owners)
    {
        using var builder = new PlanBuilder();
        var register = AddStep(builder, owners);
        using var plan = builder.Build("", []);
        return PlanInterpreter.Run(plan.Steps, 0, plan.Count, plan.Calls, plan.Report) == 0
            ? new FileDescriptor((int)plan.Register(register))
            : throw PlanFailure.Describe(plan);
    }

    /// <summary>Adds the step that makes one.</summary>
    /// <param name="plan">Where the step goes; the host's side.</param>
    /// <param name="owners">Its mappings.</param>
    /// <returns>Register of its descriptor.</returns>
    internal static unsafe PlanRegister AddStep(PlanBuilder plan, OwnerMapping owners)
    {
        var users = IdMappings.Lines(owners.Users);
        var groups = IdMappings.Lines(owners.Groups);
        return plan.Macro(
            PlanOperation.MakeUserNamespace, "clone", $"user namespace {users.TrimEnd('\n').Replace('\n', ',')}", "holds the id mappings of mounts, without a process",
            plan.Arena.Text(users), Encoding.ASCII.GetByteCount(users), plan.Arena.Text(groups), Encoding.ASCII.GetByteCount(groups)).ToRegister();
    }
}
