namespace Sampan.Networking.Dns.Messages;

/// <summary>Tells the answer to a query from everything else that may arrive at a socket (RFC 5452, 9.1).</summary>
internal static class UpstreamAnswer
{
    /// <summary>Whether a message answers a query: its id and its question.</summary>
    /// <param name="query">The message that was sent.</param>
    /// <param name="questionEnd">Where its question ends.</param>
    /// <param name="answer">What came.</param>
    /// <returns>True also for an error without a question, which is what servers say that could not read one.</returns>
    public static bool Matches(ReadOnlySpan<byte> query, int questionEnd, ReadOnlySpan<byte> answer)
    {
        if (answer.Length < MessageHeader.Length
            || MessageHeader.Id(answer) != MessageHeader.Id(query)
            || (MessageHeader.Flags(answer) & (MessageHeader.Response | MessageHeader.Operation)) != MessageHeader.Response)
        {
            return false;
        }

        if (MessageHeader.Questions(answer) == 0)
        {
            return MessageHeader.CodeOf(answer) is ResponseCode.FormatError or ResponseCode.ServerFailure or ResponseCode.NotImplemented or ResponseCode.Refused;
        }

        var name = MessageHeader.Length..(questionEnd - 4);
        var kind = (questionEnd - 4)..questionEnd;
        return MessageHeader.Questions(answer) == 1
            && answer.Length >= questionEnd
            && WireName.AreEqual(query[name], answer[name])
            && query[kind].SequenceEqual(answer[kind]);
    }
}
