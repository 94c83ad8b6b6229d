using System.Globalization;
using Sampan.Engine.Containers;
using Sampan.Engine.Specs;
using Sampan.Oci.Runtime;

namespace Sampan.Engine.Explanations;

/// <summary>Who a container's first process is, and what it may not do.</summary>
/// <param name="record">What was asked for.</param>
/// <param name="process">What a start gives.</param>
/// <param name="view">What is.</param>
internal sealed class ProcessFacts(ContainerRecord record, RuntimeProcess process, KernelView view)
{
    private static readonly (string Title, string Name)[] RlimitTitles =
    [
        ("Max cpu time", "cpu"), ("Max file size", "fsize"), ("Max data size", "data"), ("Max stack size", "stack"), ("Max core file size", "core"),
        ("Max resident set", "rss"), ("Max processes", "nproc"), ("Max open files", "nofile"), ("Max locked memory", "memlock"),
        ("Max file locks", "locks"), ("Max pending signals", "sigpending"), ("Max msgqueue size", "msgqueue"), ("Max nice priority", "nice"),
        ("Max realtime priority", "rtprio"), ("Max realtime timeout", "rttime"),
    ];

    /// <summary>Command, user, ids, count.</summary>
    /// <param name="imageUser">USER of its image; null where the image is gone.</param>
    /// <param name="processes">How many processes it has.</param>
    public List<Fact> Identity(string? imageUser, int processes)
    {
        var user = process.User ?? new RuntimeUser();
        var given = record.Config.User;
        var origin = given.Length == 0 ? "default: root" : given == imageUser ? $"image {record.Config.Image}: USER {given}" : $"--user {given}";
        return
        [
            new Fact { Name = "command", Value = string.Join(' ', [record.Path, .. record.Args]), Origin = record.HostConfig.Init == true ? "arguments and image, below the init of --init" : "arguments and image" },
            new Fact { Name = "processes", Value = processes.ToString(CultureInfo.InvariantCulture), Origin = "in its control group now" },
            Number("user id", "Uid", user.Uid, origin),
            Number("group id", "Gid", user.Gid, origin),
            Groups(user),
            Map("uid map", view.UidMap),
            Map("gid map", view.GidMap),
        ];
    }

    /// <summary>Filters, labels, no_new_privs.</summary>
    public List<Fact> Security()
    {
        var options = SecurityOptions.Parse(record.HostConfig.SecurityOpt, record.HostConfig.Privileged);
        _ = int.TryParse(KernelView.Field(view.Status, "Seccomp_filters"), out var filters);
        _ = int.TryParse(KernelView.Field(view.OwnStatus, "Seccomp_filters"), out var inherited);
        var expected = inherited + (options.SeccompUnconfined ? 0 : 1);
        var profile = options switch
        {
            { SeccompUnconfined: true } => record.HostConfig.Privileged ? "--privileged: none" : "--security-opt seccomp=unconfined",
            { SeccompProfile: { } file } => file.StartsWith('{') ? "--security-opt seccomp={…}" : $"--security-opt seccomp={file}",
            _ => "docker's default policy",
        };
        var own = inherited == 0 ? "" : $", {inherited} of them the host's";
        var bits = options.NoNewPrivileges || KernelView.Field(view.OwnStatus, "NoNewPrivs") == "1" ? "1" : "0";
        var privileges = KernelView.Field(view.Status, "NoNewPrivs");
        return
        [
            Fact.Of("seccomp", $"{Mode(KernelView.Field(view.Status, "Seccomp"))}, filters: {filters}{own}", $"filters: {expected}", profile, filters == expected),
            Fact.Of("no_new_privs", privileges, bits, options.NoNewPrivileges ? "--security-opt no-new-privileges" : "default", privileges == bits),
            new Fact { Name = "label", Value = view.Label.Length > 0 ? view.Label : "none", Origin = view.Label.Length > 0 ? "the host's security module" : "the host has no security module that labels" },
        ];
    }

    /// <summary>Resource limits and the score for the hour when memory runs out.</summary>
    public List<Fact> Limits()
    {
        var facts = new List<Fact>();
        foreach (var (title, name) in RlimitTitles)
        {
            if (LimitOf(title) is not { } limit)
            {
                continue;
            }

            var asked = Asked(name);
            facts.Add(asked is null
                ? new Fact { Name = name, Value = limit, Origin = "inherited from who started it" }
                : Fact.Of(name, limit, asked, $"--ulimit {name}", limit == asked));
        }

        var score = process.OomScoreAdj?.ToString(CultureInfo.InvariantCulture);
        facts.Add(score is null
            ? new Fact { Name = "oom_score_adj", Value = view.OomScoreAdjustment, Origin = "inherited from who started it" }
            : Fact.Of("oom_score_adj", view.OomScoreAdjustment, score, $"--oom-score-adj {score}", view.OomScoreAdjustment == score));
        return facts;
    }

    private static string Mode(string number) => number switch
    {
        "0" => "off",
        "1" => "strict",
        "2" => "on",
        _ => "unknown",
    };

    // Real, effective, saved, file system.
    private Fact Number(string name, string field, uint expected, string origin)
    {
        var ids = KernelView.Field(view.Status, field).Split('\t');
        var asked = expected.ToString(CultureInfo.InvariantCulture);
        var same = Array.TrueForAll(ids, id => id == asked);
        return Fact.Of(name, same ? asked : string.Join(' ', ids), asked, origin, same);
    }

    private Fact Groups(RuntimeUser user)
    {
        var actual = new SortedSet<uint>();
        foreach (var word in KernelView.Field(view.Status, "Groups").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var group))
            {
                actual.Add(group);
            }
        }

        var asked = new SortedSet<uint>(user.AdditionalGids ?? []);
        var origin = record.HostConfig.GroupAdd is { Count: > 0 } added ? $"the image's /etc/group, --group-add {string.Join(' ', added)}" : "the image's /etc/group";
        return Fact.Of("groups", Join(actual), Join(asked), origin, actual.SetEquals(asked));

        static string Join(SortedSet<uint> groups) => groups.Count == 0 ? "none" : string.Join(' ', groups);
    }

    private static Fact Map(string name, string text)
    {
        List<string> lines = [];
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            lines.Add(string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }

        return new Fact { Name = name, Value = string.Join(", ", lines), Origin = lines is ["0 0 4294967295"] ? "no user namespace: ids are the host's" : "ids inside, outside, count" };
    }

    // Max open files            1024                 524288               files
    private string? LimitOf(string title)
    {
        foreach (var line in view.Limits.Split('\n'))
        {
            if (line.StartsWith(title + " ", StringComparison.Ordinal))
            {
                var words = line[title.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return words.Length > 1 ? $"{words[0]}:{words[1]}" : null;
            }
        }

        return null;
    }

    private string? Asked(string name)
    {
        foreach (var limit in process.Rlimits ?? [])
        {
            if (limit.Type == "RLIMIT_" + name.ToUpperInvariant())
            {
                return $"{Value(limit.Soft)}:{Value(limit.Hard)}";
            }
        }

        return null;

        static string Value(ulong value) => value == ulong.MaxValue ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);
    }
}
