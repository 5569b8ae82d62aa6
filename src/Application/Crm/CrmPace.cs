namespace ContactCenter.Application.Crm;

/// <summary>
/// How long the CRM takes nothing more: its limit is the account's, so that one refused call speaks for all that wait on
/// this node (REC-8). They are begun when the limit has passed, instead of spending an attempt each to hear the same.
/// </summary>
public sealed class CrmPace(TimeProvider clock)
{
    private long until;

    /// <summary>How long nothing is to be begun, or null if the CRM is not known to be limited.</summary>
    public TimeSpan? Wait
    {
        get
        {
            var left = Interlocked.Read(ref until) - clock.GetUtcNow().UtcTicks;
            return left > 0 ? TimeSpan.FromTicks(left) : null;
        }
    }

    /// <summary>The CRM has answered a call; if it said how long to wait, nothing is begun before that.</summary>
    /// <param name="failure">What it answered.</param>
    public void Note(CrmException failure)
    {
        if (failure is not { Failure: CrmFailure.ApiLimit, RetryAfter: { } wait })
            return;
        var next = (clock.GetUtcNow() + wait).UtcTicks;
        var known = Interlocked.Read(ref until);
        while (next > known && Interlocked.CompareExchange(ref until, next, known) is var seen && seen != known)
            known = seen;
    }
}
