using Sampan.RegistryCli.Display;

namespace Sampan.RegistryCli.Tests.Display;

public sealed class ProgressBarTests
{
    /// <summary>By the rules of moby (pkg/jsonmessage).</summary>
    [Theory]
    [InlineData(0, 4_264_960, 120, "[>                                                  ]       0B/4.265MB")]
    [InlineData(2_132_480, 4_264_960, 120, "[=========================>                         ]  2.132MB/4.265MB")]
    [InlineData(4_264_960, 4_264_960, 120, "[==================================================>]  4.265MB/4.265MB")]
    [InlineData(1536, 0, 120, " 1.536kB")]
    [InlineData(2_132_480, 4_264_960, 80, " 2.132MB/4.265MB")]
    [InlineData(200, 100, 80, "    200B")]
    public void A_bar(long done, long total, int width, string drawn) => ProgressBar.Draw(done, total, width).ShouldBe(drawn);
}
