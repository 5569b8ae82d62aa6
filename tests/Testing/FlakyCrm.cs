using ContactCenter.Application.Crm;

namespace ContactCenter.Testing;

/// <summary>
/// A CRM on a bad day: three calls of ten fail at random, half of them after they were carried out, so that their
/// confirmation is lost; and it takes only so many calls a second.
/// </summary>
public sealed class FlakyCrm(ICrm inner, TimeProvider clock, int seed, int callsPerSecond) : ICrm
{
    private const double FailureShare = 0.3;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private DateTimeOffset windowEnds;
    private int spent;

    private enum Fate
    {
        Good,
        Refused,
        AnswerLost,
    }

    /// <summary>Calls that failed or were limited.</summary>
    public int Failures { get; private set; }

    /// <summary>Calls that were limited.</summary>
    public int Limited { get; private set; }

    /// <summary>Calls that were carried out and whose answer was lost.</summary>
    public int Lost { get; private set; }

    public string Name => inner.Name;

    public Task<CrmTicket> OpenTicketAsync(OpenTicket ticket, CancellationToken cancellationToken) => CallAsync(() => inner.OpenTicketAsync(ticket, cancellationToken));

    public Task AddCommentAsync(string ticketId, Guid commentId, string body, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        await inner.AddCommentAsync(ticketId, commentId, body, cancellationToken);
        return true;
    });

    public Task<CrmAttachment?> FindAttachmentAsync(string ticketId, string externalId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.FindAttachmentAsync(ticketId, externalId, cancellationToken));

    public Task<CrmAttachment> AttachAsync(string ticketId, CrmFile file, CancellationToken cancellationToken) => CallAsync(() => inner.AttachAsync(ticketId, file, cancellationToken));

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        var fate = Next();
        if (fate == Fate.Refused)
            throw new CrmException(CrmFailure.NotConfirmed, "The CRM is not there.");
        var answer = await call();
        return fate == Fate.Good ? answer : throw new CrmException(CrmFailure.NotConfirmed, "The CRM's answer is lost.");
    }

    private Fate Next()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (now >= windowEnds)
                (windowEnds, spent) = (now + Window, 0);
            if (++spent > callsPerSecond)
            {
                (Failures, Limited) = (Failures + 1, Limited + 1);
                throw new CrmException(CrmFailure.ApiLimit, "Too many calls.", windowEnds - now);
            }

            if (random.NextDouble() >= FailureShare)
                return Fate.Good;
            Failures++;
            if (random.Next(2) == 0)
                return Fate.Refused;
            Lost++;
            return Fate.AnswerLost;
        }
    }
}
