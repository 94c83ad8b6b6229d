using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Sampan.Networking.Tests.Dns;

/// <summary>An answer, read by the tests' own reader: it throws where a byte is out of place.</summary>
internal sealed class Reply
{
    private readonly byte[] _bytes;
    private int _offset = 12;

    public Reply(byte[] bytes)
    {
        _bytes = bytes;
        Id = Number(0);
        Flags = Number(2);
        for (var left = Number(4); left > 0; left--)
        {
            Questions.Add((Name(), Take(), Take()));
        }

        for (var left = Number(6); left > 0; left--)
        {
            Answers.Add(Record());
        }

        Number(8).ShouldBe((ushort)0);
        for (var left = Number(10); left > 0; left--)
        {
            var name = Name();
            name.ShouldBe("");
            Take().ShouldBe((ushort)41);
            EdnsSize = Take();
            ExtendedCode = _bytes[_offset];
            _offset += 4 + 2 + Number(_offset + 4);
        }

        _offset.ShouldBe(bytes.Length);
    }

    public ushort Id { get; }

    public ushort Flags { get; }

    public int Code => Flags & 0xF;

    public bool IsTruncated => (Flags & 0x0200) != 0;

    public List<(string Name, ushort Type, ushort Class)> Questions { get; } = [];

    /// <summary>NAME TYPE SECONDS DATA.</summary>
    public List<string> Answers { get; } = [];

    public List<string> Data => [.. Answers.Select(answer => answer.Split(' ')[^1])];

    public int? EdnsSize { get; }

    public int ExtendedCode { get; }

    private string Record()
    {
        var name = Name();
        var type = Take();
        Take().ShouldBe((ushort)1);
        var seconds = BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(_offset));
        _offset += 4;
        var length = Take();
        var end = _offset + length;
        var data = type switch
        {
            1 or 28 => new IPAddress(_bytes.AsSpan(_offset, length)).ToString(),
            12 => Name(),
            _ => Convert.ToHexString(_bytes.AsSpan(_offset, length)),
        };
        _offset = end;
        return $"{name} {type} {seconds} {data}";
    }

    private string Name()
    {
        var text = new StringBuilder();
        var position = _offset;
        var jumped = false;
        for (var hops = 0; _bytes[position] != 0;)
        {
            if (_bytes[position] >= 0xC0)
            {
                (++hops).ShouldBeLessThan(10);
                _offset = jumped ? _offset : position + 2;
                jumped = true;
                position = Number(position) & 0x3FFF;
                continue;
            }

            text.Append(text.Length > 0 ? "." : "").Append(Encoding.UTF8.GetString(_bytes, position + 1, _bytes[position]));
            position += _bytes[position] + 1;
        }

        _offset = jumped ? _offset : position + 1;
        return text.ToString();
    }

    private ushort Take()
    {
        _offset += 2;
        return Number(_offset - 2);
    }

    private ushort Number(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_bytes.AsSpan(offset));
}
