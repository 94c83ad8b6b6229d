using Sampan.Linux.Netlink;

namespace Sampan.Linux.Tests.Netlink;

public sealed class MacAddressTests
{
    [Theory]
    [InlineData("02:42:ac:11:00:02", "02:42:ac:11:00:02")]
    [InlineData("0A-00-27-FF-00-0E", "0a:00:27:ff:00:0e")]
    public void Is_written_as_the_kernel_does(string text, string written)
    {
        MacAddress.TryParse(text, out var address).ShouldBeTrue();
        address.ToString().ShouldBe(written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("02:42:ac:11:00")]
    [InlineData("02:42:ac:11:00:0")]
    [InlineData("02:42:ac:11:00:02:")]
    [InlineData("02:42:ac-11:00:02")]
    [InlineData("02:42:ac:11:00:0g")]
    [InlineData(" 2:42:ac:11:00:02")]
    [InlineData("01:42:ac:11:00:02")]
    [InlineData("00:00:00:00:00:00")]
    public void No_device_can_have_these(string text) => MacAddress.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_random_one_is_local_and_of_one_device()
    {
        for (var round = 0; round < 100; round++)
        {
            ((MacAddress.Random().Value >> 40) & 3).ShouldBe(2UL);
        }
    }
}
