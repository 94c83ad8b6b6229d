using Sampan.Linux.Files;
using Sampan.Linux.Interop;
using Sampan.Oci.Runtime;
using Sampan.Runtime.Plans;

namespace Sampan.Runtime.Launching;

/// <summary>
/// The way of a further process into a container's namespaces (setns(2)). Into the pid namespace it is born: its parent moves there for
/// that moment, which takes CAP_SYS_ADMIN where the parent is. Who has none, but owns the container's user namespace, has it in there: then
/// a process in between enters both and makes the process its own sibling.
/// </summary>
internal sealed class NamespaceEntrance
{
    private readonly PlanBuilder _plan;
    private readonly FileDescriptor _init;
    private readonly ulong _types;

    /// <summary>Adds the steps before the clone; the step that is the clone comes next.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="init">pidfd of the container's first process.</param>
    /// <param name="namespaces">Its namespaces.</param>
    /// <param name="beforeUser">Adds steps for the process in between, before it enters the user namespace.</param>
    public NamespaceEntrance(PlanBuilder plan, FileDescriptor init, IReadOnlyList<RuntimeNamespace> namespaces, Action? beforeUser = null)
    {
        _plan = plan;
        _init = init;
        foreach (var item in namespaces)
        {
            _types |= NamespaceSet.Flag(item.Type);
        }

        HasBetween = HasUser && !CallerPrivileges.CanAdminister;
        if (HasBetween)
        {
            plan.Macro(PlanOperation.Clone, "clone3", "no new namespaces", "a process in between, which joins namespaces and ends");
            plan.EndHostSide();
            beforeUser?.Invoke();
            Set("user and pid namespace", "the rights of the user namespace's owner; children are born in its pid namespace", _types & (User | Pid));
            return;
        }

        if ((_types & Pid) != 0)
        {
            Set("pid namespace", "children are born in the container's pid namespace", Pid);
        }
    }

    /// <summary>There is a process in between.</summary>
    public bool HasBetween { get; }

    /// <summary>One of them is a user namespace.</summary>
    public bool HasUser => (_types & User) != 0;

    /// <summary>The parent itself is moved for the clone and has to be moved back.</summary>
    public bool MovesParent => !HasBetween && (_types & Pid) != 0;

    private static ulong User => NamespaceSet.Flag("user");

    private static ulong Pid => NamespaceSet.Flag("pid");

    /// <summary>Whether one of these is a user namespace.</summary>
    /// <param name="namespaces">A container's namespaces.</param>
    public static bool HasUserNamespace(IReadOnlyList<RuntimeNamespace> namespaces)
    {
        foreach (var item in namespaces)
        {
            if (item.Type == "user")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds the child's step: all the others.</summary>
    public void Enter()
    {
        var others = _types & ~(HasBetween ? User | Pid : Pid);
        if (others != 0)
        {
            Set("all other namespaces", "of the container's first process", others);
        }
    }

    private void Set(string which, string purpose, ulong types) => _plan.Call(SystemCall.SetNs, "setns", which, purpose, _init.Number, (nint)types);
}
