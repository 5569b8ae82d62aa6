namespace ContactCenter.Api.Hosting;

/// <summary>The service cannot start, for a reason an operator can act on: one line, no stack trace.</summary>
/// <param name="message">One sentence that says what to change.</param>
/// <param name="innerException">The cause.</param>
public sealed class StartupException(string message, Exception? innerException = null) : Exception(message, innerException);
