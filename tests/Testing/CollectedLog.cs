using Microsoft.Extensions.Logging;

namespace ContactCenter.Testing;

/// <summary>What is logged, as text, the exception with it: all that would stand in a log file.</summary>
public sealed class CollectedLog<T> : ILogger<T>
{
    private readonly List<string> lines = [];

    /// <summary>So far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines)
                return [.. lines];
        }
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines)
            lines.Add($"{logLevel}: {formatter(state, exception)} {exception}");
    }
}
