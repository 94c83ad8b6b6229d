using Sampan.Linux;

namespace Sampan.Engine.Logs;

/// <summary>Options of a log that are on or off.</summary>
internal static class LogSwitch
{
    /// <param name="option">For the error.</param>
    /// <param name="text">What Go's strconv.ParseBool takes.</param>
    /// <exception cref="SampanException">InvalidArgument: another word.</exception>
    public static bool Parse(string option, string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw SampanException.InvalidArgument($"invalid value for {option}: strconv.ParseBool: parsing \"{text}\": invalid syntax"),
    };
}
