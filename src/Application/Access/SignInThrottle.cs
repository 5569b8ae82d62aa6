using System.Collections.Concurrent;

namespace ContactCenter.Application.Access;

/// <summary>
/// Slows down guessing: after ten failures in a row a login waits, twice as long each time, at most five minutes. Kept in
/// this node's memory: with n nodes a guesser gets n times as many tries, and a restart forgets them.
/// </summary>
public sealed class SignInThrottle
{
    /// <summary>Failures in a row before a login has to wait.</summary>
    public const int FreeFailures = 10;

    private const int MaxLogins = 100_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<Guid, Attempts> byLogin = new();

    /// <summary>
    /// Counts an attempt as failed until it is known not to be, so that many at once get no more tries than one after
    /// the other. Answers how long the login has to wait instead, or null to go on.
    /// </summary>
    public TimeSpan? Begin(Guid login, DateTimeOffset now)
    {
        while (true)
        {
            var known = byLogin.GetValueOrDefault(login);
            if (known is not null && known.NotBefore > now)
                return known.NotBefore - now;
            var failures = (known?.Failures ?? 0) + 1;
            var next = new Attempts(failures, NotBefore(failures, now));
            if (known is null ? byLogin.TryAdd(login, next) : byLogin.TryUpdate(login, next, known))
                break;
        }

        if (byLogin.Count > MaxLogins)
            ForgetOver(now);
        return null;
    }

    /// <summary>The password was right: the count starts over.</summary>
    public void Succeed(Guid login) => byLogin.TryRemove(login, out _);

    // Attempts at once come in any order: one that may be made at once holds back none that began a moment before it.
    private static DateTimeOffset NotBefore(int failures, DateTimeOffset now) => failures < FreeFailures
        ? DateTimeOffset.MinValue
        : now + TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(failures - FreeFailures, 10))));

    private void ForgetOver(DateTimeOffset now)
    {
        foreach (var (login, attempts) in byLogin)
        {
            if (attempts.NotBefore <= now)
                byLogin.TryRemove(login, out _);
        }
    }

    private sealed record Attempts(int Failures, DateTimeOffset NotBefore);
}
