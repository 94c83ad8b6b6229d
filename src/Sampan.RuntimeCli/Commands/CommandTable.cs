namespace Sampan.RuntimeCli.Commands;

/// <summary>Every verb, by name. The rest of the program asks here and nowhere else.</summary>
internal static class CommandTable
{
    public static readonly CommandEntry[] Entries =
    [
        new("checkpoint", "checkpoint a running container", static () => new CheckpointCommand()),
        new("create", "create a container", static () => new CreateCommand()),
        new("delete", "delete any resources held by the container often used with detached container", static () => new DeleteCommand()),
        new("events", "display container events such as OOM notifications, cpu, memory, and IO usage statistics", static () => new EventsCommand()),
        new("exec", "execute new process inside the container", static () => new ExecCommand()),
        new("features", "show the enabled features", static () => new FeaturesCommand()),
        new("kill", "kill sends the specified signal (default: SIGTERM) to the container's init process", static () => new KillCommand()),
        new("list", "lists containers started by the runtime with the given root", static () => new ListCommand()),
        new("pause", "pause suspends all processes inside the container", static () => new PauseCommand()),
        new("ps", "ps displays the processes running inside a container", static () => new PsCommand()),
        new("restore", "restore a container from a previous checkpoint", static () => new RestoreCommand()),
        new("resume", "resumes all processes that have been previously paused", static () => new ResumeCommand()),
        new("run", "create and run a container", static () => new RunCommand()),
        new("spec", "create a new specification file", static () => new SpecCommand()),
        new("start", "executes the user defined process in a created container", static () => new StartCommand()),
        new("state", "output the state of a container", static () => new StateCommand()),
        new("update", "update container resource constraints", static () => new UpdateCommand()),
    ];

    public static CommandEntry? Find(string name) => Array.Find(Entries, entry => entry.Name == name);
}

/// <summary>A verb in the table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">One line for help.</param>
/// <param name="Create">Makes the command.</param>
internal sealed record CommandEntry(string Name, string Summary, Func<Command> Create);
