using Sampan.Images.Receiving;
using Sampan.Linux.Files;
using Sampan.Oci.Images;
using Sampan.Registries;
using Sampan.RegistryCli.Display;

namespace Sampan.RegistryCli.Tests.Display;

/// <summary>What is written where nobody looks on: a line for each new word.</summary>
public sealed class RowDisplayTests : IDisposable
{
    private static readonly Descriptor Layer = new() { Digest = "sha256:0123456789ab" + new string('0', 52), Size = 100 };
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_layer_that_comes() => Written(output =>
    {
        var display = new LayerDisplay(output, quiet: false);
        foreach (var stage in new[] { LayerStage.Needed, LayerStage.Waiting, LayerStage.Coming, LayerStage.Arrived, LayerStage.Complete })
        {
            display.Tell(Layer, stage);
            display.Received(Layer, 10);
        }
    }).ShouldBe(
    [
        "0123456789ab: Pulling fs layer", "0123456789ab: Waiting", "0123456789ab: Verifying Checksum", "0123456789ab: Download complete", "0123456789ab: Pull complete",
    ]);

    [Fact]
    public void Layers_that_go() => Written(output =>
    {
        var other = Layer with { Digest = "sha256:" + new string('1', 64) };
        var display = new PushDisplay(output, quiet: false, ["sha256:" + new string('a', 64), "sha256:" + new string('b', 64)], "team/base");
        display.Begin([Layer, other]);
        display.Sent(Layer, 50);
        display.Done(Layer, BlobOutcome.Mounted);
        display.Done(other, BlobOutcome.Existed);
        display.Done(other with { Digest = "sha256:" + new string('2', 64) }, BlobOutcome.Pushed);
    }).ShouldBe(["bbbbbbbbbbbb: Preparing", "aaaaaaaaaaaa: Preparing", "aaaaaaaaaaaa: Mounted from team/base", "bbbbbbbbbbbb: Layer already exists"]);

    [Fact]
    public void Quietly() => Written(output =>
    {
        var display = new LayerDisplay(output, quiet: true);
        display.Say("1: Pulling from app");
        display.Tell(Layer, LayerStage.Needed);
        display.Finish();
    }).ShouldBeEmpty();

    private string[] Written(Action<TextOutput> write)
    {
        using (var file = FileDescriptor.Open(_file, OpenFlags.WriteOnly | OpenFlags.Truncate))
        using (var output = new TextOutput(file.Number))
        {
            write(output);
        }

        return File.ReadAllLines(_file);
    }
}
