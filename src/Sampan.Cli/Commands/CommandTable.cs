using Sampan.Cli.Commands.Containers;
using Sampan.Cli.Commands.Containers.Explain;
using Sampan.Cli.Commands.Containers.Stats;
using Sampan.Cli.Commands.Containers.Top;
using Sampan.Cli.Commands.Host;
using Sampan.Cli.Commands.Images;
using Sampan.Cli.Commands.Inspection;
using Sampan.Cli.Commands.Manifests;
using Sampan.Cli.Commands.Networks;
using Sampan.Cli.Commands.Registries;
using Sampan.Cli.Commands.Volumes;

namespace Sampan.Cli.Commands;

/// <summary>All commands. A new one is a file below Commands and a line here; help, completion and the man page follow from it.</summary>
internal static class CommandTable
{
    /// <summary>The groups.</summary>
    public static IReadOnlyList<CommandGroup> Groups { get; } =
    [
        new("container", "Manage containers"),
        new("image", "Manage images"),
        new("manifest", "Manage Docker image manifests and manifest lists")
        {
            Description = $"""
                The **{Session.Program} manifest** command has subcommands for managing image manifests and
                manifest lists. A manifest list allows you to use one name to refer to the same image
                built for multiple architectures.

                To see help for a subcommand, use:

                    {Session.Program} manifest CMD --help

                For full details on using {Session.Program} manifest lists, see the registry v2 specification.
                """,
            IsExperimental = true,
        },
        new("network", "Manage networks"),
        new("system", "Manage Sampan"),
        new("volume", "Manage volumes"),
    ];

    /// <summary>The commands.</summary>
    public static IReadOnlyList<CommandEntry> Entries { get; } =
    [
        new(["container attach", "attach"], "Attach local standard input, output, and error streams to a running container", static () => new AttachCommand()),
        new(["container commit", "commit"], "Create a new image from a container's changes", static () => new CommitCommand()),
        new(["container cp", "cp"], "Copy files/folders between a container and the local filesystem", static () => new CopyCommand()),
        new(["container create", "create"], "Create a new container", static () => new CreateCommand()),
        new(["container diff", "diff"], "Inspect changes to files or directories on a container's filesystem", static () => new DiffCommand()),
        new(["container exec", "exec"], "Execute a command in a running container", static () => new ExecCommand()),
        new(["container explain", "explain"], "Explain what a container is made of, by the kernel's own word", static () => new ExplainCommand()),
        new(["container export", "export"], "Export a container's filesystem as a tar archive", static () => new ExportCommand()),
        new(["container inspect"], "Display detailed information on one or more containers", static () => new InspectCommand(InspectKind.Container)),
        new(["container kill", "kill"], "Kill one or more running containers", static () => new KillCommand()),
        new(["container logs", "logs"], "Fetch the logs of a container", static () => new LogsCommand()),
        new(["container ls", "container list", "container ps", "ps"], "List containers", static () => new PsCommand()),
        new(["container port", "port"], "List port mappings or a specific mapping for the container", static () => new PortCommand()),
        new(["container pause", "pause"], "Pause all processes within one or more containers", static () => new PauseCommand(static (engine, container) => engine.Pause(container))),
        new(["container prune"], "Remove all stopped containers", static () => new PruneContainersCommand()),
        new(["container rename", "rename"], "Rename a container", static () => new RenameCommand()),
        new(["container restart", "restart"], "Restart one or more containers", static () => new RestartCommand()),
        new(["container rm", "container remove", "rm"], "Remove one or more containers", static () => new RemoveCommand()),
        new(["container run", "run"], "Create and run a new container from an image", static () => new RunCommand()),
        new(["container start", "start"], "Start one or more stopped containers", static () => new StartCommand()),
        new(["container stats", "stats"], "Display a live stream of container(s) resource usage statistics", static () => new StatsCommand()),
        new(["container stop", "stop"], "Stop one or more running containers", static () => new StopCommand()),
        new(["container top", "top"], "Display the running processes of a container", static () => new TopCommand()),
        new(["container unpause", "unpause"], "Unpause all processes within one or more containers", static () => new PauseCommand(static (engine, container) => engine.Unpause(container))),
        new(["container update", "update"], "Update configuration of one or more containers", static () => new UpdateCommand()),
        new(["container wait", "wait"], "Block until one or more containers stop, then print their exit codes", static () => new WaitCommand()),
        new(["image history", "history"], "Show the history of an image", static () => new HistoryCommand()),
        new(["image import", "import"], "Import the contents from a tarball to create a filesystem image", static () => new ImportCommand()),
        new(["image inspect"], "Display detailed information on one or more images", static () => new InspectCommand(InspectKind.Image)),
        new(["image load", "load"], "Load an image from a tar archive or STDIN", static () => new LoadCommand()),
        new(["image ls", "image list", "images"], "List images", static () => new ImagesCommand()),
        new(["image prune"], "Remove unused images", static () => new PruneImagesCommand()),
        new(["image pull", "pull"], "Download an image from a registry", static () => new PullCommand()),
        new(["image push", "push"], "Upload an image to a registry", static () => new PushCommand()),
        new(["image rm", "image remove", "rmi"], "Remove one or more images", static () => new RemoveImageCommand()),
        new(["image save", "save"], "Save one or more images to a tar archive (streamed to STDOUT by default)", static () => new SaveCommand()),
        new(["image tag", "tag"], "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE", static () => new TagCommand()),
        new(["manifest annotate"], "Add additional information to a local image manifest", static () => new AnnotateManifestCommand()) { IsExperimental = true },
        new(["manifest create"], "Create a local manifest list for annotating and pushing to a registry", static () => new CreateManifestCommand()) { IsExperimental = true },
        new(["manifest inspect"], "Display an image manifest, or manifest list", static () => new InspectManifestCommand()) { IsExperimental = true },
        new(["manifest push"], "Push a manifest list to a repository", static () => new PushManifestCommand()) { IsExperimental = true },
        new(["manifest rm"], "Delete one or more manifest lists from local storage", static () => new RemoveManifestCommand()) { IsExperimental = true },
        new(["network connect"], "Connect a container to a network", static () => new ConnectNetworkCommand()),
        new(["network create"], "Create a network", static () => new CreateNetworkCommand()),
        new(["network disconnect"], "Disconnect a container from a network", static () => new DisconnectNetworkCommand()),
        new(["network inspect"], "Display detailed information on one or more networks", static () => new InspectCommand(InspectKind.Network)),
        new(["network ls", "network list"], "List networks", static () => new ListNetworksCommand()),
        new(["network prune"], "Remove all unused networks", static () => new PruneNetworksCommand()),
        new(["network reload"], "Restore networks and published ports that something else took away", static () => new ReloadNetworksCommand()),
        new(["network rm", "network remove"], "Remove one or more networks", static () => new RemoveNetworkCommand()),
        new(["system boot"], "Start the containers whose restart policies want them to run", static () => new BootCommand()),
        new(["system check"], "Find damaged records and what belongs to nobody", static () => new CheckCommand()),
        new(["system df"], "Show disk usage", static () => new DiskUsageCommand()),
        new(["system events", "events"], "Get real time events", static () => new EventsCommand()),
        new(["system halt"], "Stop all containers; boot starts those again whose restart policies want it", static () => new HaltCommand()),
        new(["system info", "info"], "Display system-wide information", static () => new InfoCommand()),
        new(["system prune"], "Remove unused data", static () => new PruneSystemCommand()),
        new(["volume create"], "Create a volume", static () => new CreateVolumeCommand()),
        new(["volume inspect"], "Display detailed information on one or more volumes", static () => new InspectCommand(InspectKind.Volume)),
        new(["volume ls", "volume list"], "List volumes", static () => new ListVolumesCommand()),
        new(["volume prune"], "Remove unused local volumes", static () => new PruneVolumesCommand()),
        new(["volume rm", "volume remove"], "Remove one or more volumes. You cannot remove a volume that is in use by a container.", static () => new RemoveVolumeCommand()),
        new(["completion"], "Generate the autocompletion script for the specified shell (bash, zsh or fish)", static () => new CompletionCommand()),
        new(["inspect"], "Return low-level information on Sampan objects", static () => new InspectCommand(InspectKind.Any)),
        new(["login"], "Authenticate to a registry", static () => new LoginCommand()),
        new(["logout"], "Log out from a registry", static () => new LogoutCommand()),
        new(["search"], "Search Docker Hub for images", static () => new SearchCommand()),
        new(["version"], "Show the Sampan version information", static () => new VersionCommand()),
        new(["man"], "Write the manual page", static () => new ManualCommand()) { Hidden = true },
        new([FetchCommand.Name], "Pull an image for run and create: started by them, not by hand", static () => new FetchCommand()) { Hidden = true },
        new(["monitor"], "Hold one container: started by run and start, not by hand", static () => new MonitorCommand()) { Hidden = true },
    ];

    /// <summary>Finds a command by the words it is called with.</summary>
    /// <param name="words">At least one.</param>
    /// <param name="path">The way it was called: one word or two.</param>
    /// <returns>The command, or null.</returns>
    public static CommandEntry? Find(IReadOnlyList<string> words, out string path)
    {
        path = words[0];
        if (Find(path) is { } entry)
        {
            return entry;
        }

        if (words.Count > 1 && FindGroup(words[0]) is not null)
        {
            path = $"{words[0]} {words[1]}";
            if (Find(path) is { } member)
            {
                return member;
            }
        }

        path = "";
        return null;
    }

    /// <summary>Finds a group.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The group, or null.</returns>
    public static CommandGroup? FindGroup(string name)
    {
        foreach (var group in Groups)
        {
            if (group.Name == name)
            {
                return group;
            }
        }

        return null;
    }

    private static CommandEntry? Find(string path)
    {
        foreach (var entry in Entries)
        {
            if (Array.IndexOf(entry.Paths, path) >= 0)
            {
                return entry;
            }
        }

        return null;
    }
}
