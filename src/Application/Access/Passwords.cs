namespace ContactCenter.Application.Access;

/// <summary>
/// Hashes and checks passwords off the callers' threads, a few at a time: a flood of sign-ins cannot take all processors
/// from the calls that are going on.
/// </summary>
public sealed class Passwords(IPasswordHasher hasher) : IDisposable
{
    private readonly SemaphoreSlim room = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>A new salted hash.</summary>
    public Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        RunAsync(() => hasher.Hash(password), cancellationToken);

    /// <summary>True if the password is the one hashed; as slow and false with a null hash.</summary>
    public Task<bool> VerifyAsync(string password, string? hash, CancellationToken cancellationToken) =>
        RunAsync(() => hasher.Verify(password, hash), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => room.Dispose();

    private async Task<T> RunAsync<T>(Func<T> slow, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(slow, cancellationToken);
        }
        finally
        {
            room.Release();
        }
    }
}
