using ContactCenter.Rpc.Tests.Protos;
using ContactCenter.Rpc.Wire;
using Grpc.Core;

namespace ContactCenter.Rpc.Tests;

public sealed class MetadataTests
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    [Fact]
    public async Task Texts_and_bytes_come_back_as_headers_and_trailers()
    {
        await using var server = await RpcServer.StartAsync();
        var sent = new Metadata { { "X-Text", "plain text" }, { "x-twice", "one" }, { "x-twice", "two" }, { "x-data-bin", AllBytes }, { "x-data-bin", [1] }, { "x-none-bin", [] } };
        using var call = server.Client().SayAsync(new EchoRequest { Then = Then.Metadata }, sent);
        await call;
        foreach (var got in new[] { await call.ResponseHeadersAsync, call.GetTrailers() })
        {
            got.GetValue("x-text").ShouldBe("plain text");
            // HttpClient joins texts of one key, as HTTP allows.
            string.Join(", ", got.GetAll("x-twice").Select(entry => entry.Value)).ShouldBe("one, two");
            got.GetAll("x-data-bin").Select(entry => entry.ValueBytes).ShouldBe([AllBytes, [1]]);
            got.GetValueBytes("x-none-bin").ShouldBe([]);
            got.ShouldAllBe(entry => !entry.Key.StartsWith("grpc-") && entry.Key != "content-type");
        }
    }

    [Fact]
    public async Task Headers_arrive_before_the_first_message()
    {
        await using var server = await RpcServer.StartAsync();
        using var call = server.Client().Chat(new Metadata { { "x-a", "b" } });
        await call.RequestStream.WriteAsync(new EchoRequest { Then = Then.Metadata });
        (await call.ResponseHeadersAsync).GetValue("x-a").ShouldBe("b");
    }

    [Theory]
    [InlineData("AQI=", new byte[] { 1, 2 })]
    [InlineData("AQI", new byte[] { 1, 2 })]
    [InlineData("AQID", new byte[] { 1, 2, 3 })]
    [InlineData("", new byte[0])]
    public void Base64_is_read_with_and_without_padding(string text, byte[] expected)
    {
        var metadata = new Metadata();
        Protocol.AddFromWire(metadata, "x-bin", text);
        metadata.GetValueBytes("x-bin").ShouldBe(expected);
    }

    [Fact]
    public void Binary_values_joined_by_commas_are_several()
    {
        var metadata = new Metadata();
        Protocol.AddFromWire(metadata, "x-bin", "AQ==, Ag,AwQ");
        metadata.Select(entry => entry.ValueBytes).ShouldBe([[1], [2], [3, 4]]);
    }

    [Fact]
    public void Bytes_are_written_without_padding() => Protocol.EncodeValue(new Metadata.Entry("x-bin", [1])).ShouldBe("AQ");

    [Theory]
    [InlineData("", "a")]
    [InlineData("a b", "a")]
    [InlineData("ä", "a")]
    [InlineData("x-bin", "text under a binary key")]
    [InlineData("x", "line\nbreak")]
    public void A_bad_entry_cannot_be_made(string key, string value) => Should.Throw<ArgumentException>(() => new Metadata.Entry(key, value));

    [Fact]
    public void The_empty_metadata_cannot_be_changed() => Should.Throw<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("100 %", "100 %25")]
    [InlineData("größer\n", "gr%C3%B6%C3%9Fer%0A")]
    public void Status_texts_are_percent_encoded(string text, string encoded)
    {
        Protocol.EncodeMessage(text).ShouldBe(encoded);
        Protocol.DecodeMessage(encoded).ShouldBe(text);
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    public void A_badly_encoded_status_text_stays_as_it_is(string encoded, string text) => Protocol.DecodeMessage(encoded).ShouldBe(text);

    [Theory]
    [InlineData("100m", 100)]
    [InlineData("2S", 2000)]
    [InlineData("1M", 60_000)]
    [InlineData("1H", 3_600_000)]
    [InlineData("5000u", 5)]
    [InlineData("5000000n", 5)]
    [InlineData("0m", 0)]
    public void Timeouts_are_read_in_every_unit(string text, int milliseconds)
    {
        Protocol.TryParseTimeout(text, out var timeout).ShouldBeTrue();
        timeout.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData(1, "1000u")]
    [InlineData(200_000, "200000m")]
    [InlineData(200_000_000, "200000S")]
    public void Timeouts_are_written_in_eight_digits(double milliseconds, string text) =>
        Protocol.FormatTimeout(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);

    [Fact]
    public void The_longest_timeouts_pass()
    {
        Protocol.TryParseTimeout("99999999H", out _).ShouldBeTrue();
        Protocol.TryParseTimeout(Protocol.FormatTimeout(TimeSpan.MaxValue), out _).ShouldBeTrue();
    }
}
