using ContactCenter.Application.Recordings;

namespace ContactCenter.Application.Tests.Recordings;

public sealed class AudioRangeTests
{
    private const int Size = 50_000;

    [Theory]
    [InlineData(0L, null, false, 0, Size)]
    [InlineData(20_000L, null, false, 20_000, Size)]
    [InlineData(20_000L, 20_000L, false, 20_000, 20_001)]
    [InlineData(20_000L, 90_000L, false, 20_000, Size)]
    [InlineData(20_000L, long.MaxValue, false, 20_000, Size)]
    [InlineData(90_000L, 90_001L, false, Size, Size)]
    [InlineData(null, 100L, false, Size - 100, Size)]
    [InlineData(null, 90_000L, false, 0, Size)]
    [InlineData(20_000L, 20_000L, true, 0, Size)]
    public async Task What_is_asked_for_is_read_and_nothing_else(long? first, long? last, bool mayBeAll, int from, int until)
    {
        await using var content = new Watched();
        await new AudioRange(first, last, mayBeAll).VerifyAsync(content, default);
        (content.From, content.Until).ShouldBe(from < until ? (from, until) : (Size, 0));
        content.Position.ShouldBe(0);
    }

    private sealed class Watched() : MemoryStream(new byte[Size])
    {
        public long From { get; private set; } = Size;

        public long Until { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            From = Math.Min(From, Position);
            var read = await base.ReadAsync(buffer, cancellationToken);
            Until = Math.Max(Until, Position);
            return read;
        }
    }
}
