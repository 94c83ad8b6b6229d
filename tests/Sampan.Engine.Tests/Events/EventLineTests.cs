using System.Text;
using Sampan.Engine.Events;

namespace Sampan.Engine.Tests.Events;

public sealed class EventLineTests
{
    [Fact]
    public void A_container_is_told_of_as_docker_does()
    {
        var happened = new EngineEvent
        {
            Type = "container",
            Action = "die",
            Id = "abc",
            Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = "n\"\n", ["image"] = "busybox", ["Z"] = "1" },
            Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(67),
        };
        var line = Encoding.UTF8.GetString(EventLine.Format(happened));
        line.ShouldBe(
            """{"status":"die","id":"abc","from":"busybox","Type":"container","Action":"die","Actor":{"ID":"abc","Attributes":{"Z":"1","image":"busybox","name":"n\"\n"}},"scope":"local","time":1767323045,"timeNano":1767323045000006700}"""
            + "\n");
        var read = EventLine.TryParse(Encoding.UTF8.GetBytes(line.TrimEnd('\n'))).ShouldNotBeNull();
        read.Type.ShouldBe("container");
        read.Action.ShouldBe("die");
        read.Id.ShouldBe("abc");
        read.Time.ShouldBe(happened.Time);
        read.Attributes.ShouldBe(happened.Attributes, ignoreOrder: true);
        read.Json.ShouldBe(line.TrimEnd('\n'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("""{"Type":"container"}""")]
    [InlineData("""{"Type":1,"Action":"x","Actor":{"ID":"a","Attributes":{}},"timeNano":1}""")]
    [InlineData("""{"Type":"a","Action":"x","Actor":{"ID":"a","Attributes":{}},"timeNano":99999999999999999999}""")]
    public void What_is_no_event_is_none(string line) => EventLine.TryParse(Encoding.UTF8.GetBytes(line)).ShouldBeNull();
}
