namespace ContactCenter.Application.EventSourcing;

/// <summary>
/// Lets one command at a time through on this node to a stream that several wanted to write at once: together they would
/// wear each other's attempts out. What other nodes write is still met in the append. Streams share gates, which costs a
/// wait and nothing else; nobody holds two, so nobody waits in a circle.
/// </summary>
public sealed class StreamTurns : IDisposable
{
    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for a turn at a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="held">The turn held so far, which is given up for another; or null.</param>
    /// <param name="cancellationToken">Gives up: then none is held.</param>
    /// <returns>The turn, to be disposed of when the command is done.</returns>
    public async ValueTask<Turn> TakeAsync(StreamId stream, Turn? held, CancellationToken cancellationToken)
    {
        var gate = gates[(uint)stream.GetHashCode() % (uint)gates.Length];
        if (held is not null && held.IsAt(gate))
            return held;
        held?.Dispose();
        await gate.WaitAsync(cancellationToken);
        return new Turn(gate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gate in gates)
            gate.Dispose();
    }

    /// <summary>A command's turn at a stream.</summary>
    public sealed class Turn : IDisposable
    {
        private SemaphoreSlim? gate;

        internal Turn(SemaphoreSlim gate) => this.gate = gate;

        /// <inheritdoc/>
        public void Dispose() => Interlocked.Exchange(ref gate, null)?.Release();

        internal bool IsAt(SemaphoreSlim other) => gate == other;
    }
}
