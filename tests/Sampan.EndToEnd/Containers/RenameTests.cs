namespace Sampan.EndToEnd.Containers;

/// <summary>rename and container prune.</summary>
public sealed class RenameTests(BusyboxHost host) : IClassFixture<BusyboxHost>
{
    [Fact]
    public void A_new_name_is_found_and_the_old_one_free()
    {
        var id = host.Detached("--rm", "--name", "before", "busybox", "sleep", "1000");
        host.Sampan("rename", "before", "after").ShouldSucceed().ShouldBeEmpty();
        host.Inspect("after").GetProperty("Id").GetString().ShouldBe(id);
        host.Inspect("after").GetProperty("Name").GetString().ShouldBe("/after");
        host.Sampan("ps", "--format", "{{.Names}}", "-f", "id=" + id).ShouldSucceed().ShouldBe("after");
        host.Sampan("inspect", "before").ShouldFail(1, "No such object: before");
        host.Sampan("create", "--name", "before", "busybox").ShouldSucceed();
        host.Sampan("kill", "after").ShouldSucceed();

        // Its monitor, which was started before the rename, removes it with the new name.
        Patience.ShouldCome(() => host.Sampan("ps", "-aq", "-f", "id=" + id).Text.Length == 0, "it goes with its end");
        Patience.ShouldCome(() => !File.Exists(Path.Combine(host.Root, "names/after")) && !Path.Exists(Path.Combine(host.Root, "names/after")), "the name goes too");
        host.Sampan("create", "--name", "after", "busybox").ShouldSucceed();
        host.Sampan("rm", "before", "after").ShouldSucceed();
    }

    [Fact]
    public void It_refuses_in_dockers_words()
    {
        var taken = host.Sampan("create", "--name", "taken", "busybox").ShouldSucceed();
        host.Sampan("create", "--name", "other", "busybox").ShouldSucceed();
        host.Sampan("rename", "other", "taken").ShouldFailInOneLine(1, "The container name \"/taken\" is already in use by container \"" + taken + "\"");
        host.Sampan("rename", "other", "other").ShouldFailInOneLine(1, "Renaming a container with the same name as its current name");
        host.Sampan("rename", "other", "no spaces").ShouldFailInOneLine(1, "Invalid container name (no spaces), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        host.Sampan("rename", "other", "").ShouldFailInOneLine(1, "Neither old nor new names may be empty");
        host.Sampan("rename", "missing", "any").ShouldFailInOneLine(1, "No such container: missing");
        host.Inspect("other").GetProperty("Name").GetString().ShouldBe("/other");
        host.Sampan("rm", "taken", "other").ShouldSucceed();
    }

    [Fact]
    public void A_name_left_by_a_rename_that_was_killed_is_anybodys()
    {
        var id = host.Sampan("create", "--name", "recorded", "busybox").ShouldSucceed();
        File.CreateSymbolicLink(Path.Combine(host.Root, "names/half"), "../containers/" + id);
        host.Sampan("inspect", "half").ShouldFail(1, "No such object");
        host.Sampan("create", "--name", "half", "busybox").ShouldSucceed();
        host.Inspect("recorded").GetProperty("Id").GetString().ShouldBe(id);
        host.Sampan("rm", "recorded", "half").ShouldSucceed();
    }
}
