namespace ContactCenter.Application.Outbox;

/// <summary>Thrown by a handler that was told when to come again; with a time and without a cause, nothing was tried and no attempt is counted.</summary>
/// <param name="message">Why; goes into the message's row, so no personal data.</param>
/// <param name="retryAfter">Not before, or null for the usual backoff.</param>
/// <param name="innerException">The cause.</param>
public sealed class RetryLaterException(string message, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Not before, or null for the usual backoff.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
