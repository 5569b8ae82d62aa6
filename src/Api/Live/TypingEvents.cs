using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ContactCenter.Api.Live;

/// <summary>Puts <c>typing</c> between a session's events; it has no id, since nobody resumes after it.</summary>
internal static class TypingEvents
{
    private static readonly ServerSentEvent Typing = new(Id: null, "typing", new object());

    /// <summary>The same events, and one each time the other side types; ends with the events.</summary>
    public static async IAsyncEnumerable<ServerSentEvent> WithTypingAsync(
        this IAsyncEnumerable<ServerSentEvent> events, IAsyncEnumerable<Guid> typing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var both = Channel.CreateBounded<ServerSentEvent>(1);
        var pumps = Task.WhenAll(PumpAsync(events, both.Writer, end.Token), PumpAsync(Shown(typing, end.Token), both.Writer, end.Token, isSide: true));
        try
        {
            await foreach (var one in both.Reader.ReadAllAsync(cancellationToken))
                yield return one;
        }
        finally
        {
            await end.CancelAsync();
            await pumps;
        }
    }

    private static async IAsyncEnumerable<ServerSentEvent> Shown(IAsyncEnumerable<Guid> typing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var _ in typing.WithCancellation(cancellationToken))
            yield return Typing;
    }

    /// <summary>Never throws: what went wrong with the events is the reader's to hear.</summary>
    private static async Task PumpAsync(
        IAsyncEnumerable<ServerSentEvent> from, ChannelWriter<ServerSentEvent> to, CancellationToken cancellationToken, bool isSide = false)
    {
        try
        {
            await foreach (var one in from.WithCancellation(cancellationToken))
                await to.WriteAsync(one, cancellationToken);
            if (!isSide)
                to.TryComplete();
        }
#pragma warning disable CA1031 // Handed on, not swallowed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            to.TryComplete(e);
        }
    }
}
