using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ContactCenter.Api.Live;

/// <summary>Puts what happens beside a session between its events; it has no id, since nobody resumes after it.</summary>
internal static class AsideEvents
{
    /// <summary>The same events, and others as they come; ends with the events.</summary>
    /// <param name="events">What is told anyway.</param>
    /// <param name="aside">What is put between.</param>
    /// <param name="afterFirst">Whether it is told only once the first event is: what it changes is in that.</param>
    /// <param name="cancellationToken">Ends both.</param>
    public static async IAsyncEnumerable<T> WithAsideAsync<T>(
        this IAsyncEnumerable<T> events, IAsyncEnumerable<T> aside, bool afterFirst, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!afterFirst)
            first.SetResult();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var both = Channel.CreateBounded<T>(1);
        var pumps = Task.WhenAll(PumpAsync(events, both.Writer, first, end.Token), PumpAsync(aside, both.Writer, first, end.Token, isSide: true));
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

    /// <summary>Never throws: what went wrong with the events is the reader's to hear.</summary>
    private static async Task PumpAsync<T>(
        IAsyncEnumerable<T> from, ChannelWriter<T> to, TaskCompletionSource first, CancellationToken cancellationToken, bool isSide = false)
    {
        try
        {
            if (isSide)
                await first.Task.WaitAsync(cancellationToken);
            await foreach (var one in from.WithCancellation(cancellationToken))
            {
                await to.WriteAsync(one, cancellationToken);
                first.TrySetResult();
            }

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
