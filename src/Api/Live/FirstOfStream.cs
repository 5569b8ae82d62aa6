namespace ContactCenter.Api.Live;

/// <summary>How a live stream begins for its client.</summary>
internal static class FirstOfStream
{
    /// <summary>
    /// Begins to listen, then tells the client that it does, then waits for what comes first: nothing that happens once the
    /// client knows is missed.
    /// </summary>
    /// <param name="frames">What is listened to; not begun yet.</param>
    /// <param name="tell">Tells the client.</param>
    /// <param name="end">Ends the listening that <paramref name="frames"/> was given the token of: an enumerator that waits cannot be disposed of.</param>
    /// <returns>False if there is nothing to come.</returns>
    public static async Task<bool> FirstAsync<T>(this IAsyncEnumerator<T> frames, Func<Task> tell, CancellationTokenSource end)
    {
        var first = frames.MoveNextAsync().AsTask();
        try
        {
            await tell();
        }
        catch
        {
            await end.CancelAsync();
            await first.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }

        return await first;
    }
}
