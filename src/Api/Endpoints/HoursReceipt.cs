using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.ScheduledCalls;

namespace ContactCenter.Api.Endpoints;

/// <summary>The answer to a change of hours.</summary>
/// <param name="Id">What was changed.</param>
/// <param name="Version">Its stream's version: the <c>ETag</c>.</param>
/// <param name="Position">The log position of the last event this call wrote; "0" if it wrote nothing.</param>
/// <param name="BookingsOutside">
/// How many booked calls lie outside the hours by now, counted as this is answered; they stand. Null if they cannot be counted now.
/// </param>
public sealed record HoursReceipt(Guid Id, long Version, string Position, int? BookingsOutside)
{
    /// <summary>Sends a change of hours, and counts.</summary>
    /// <param name="call">The call.</param>
    /// <param name="change">The change.</param>
    /// <param name="queueId">The queue whose hours they are, or null for those of several.</param>
    internal static async Task<IResult> DoAsync(Call call, ICommand change, Guid? queueId)
    {
        var changed = await call.SendAsync(change);
        if (!changed.IsOk)
            return changed.Error.ToResult();
        var outside = await CountAsync(call, queueId);
        return call.Tagged(changed.Value.Version, new HoursReceipt(changed.Value.Id, changed.Value.Version, changed.Value.Position, outside));
    }

    private static async Task<int?> CountAsync(Call call, Guid? queueId)
    {
        try
        {
            var outside = await call.SendAsync(new CountBookingsOutside(queueId));
            return outside.IsOk ? outside.Value.Calls : null;
        }
        catch (EventStoreUnavailableException)
        {
            // The hours are changed: whatever keeps from counting, the list being built or a database that just went, that is the answer.
            return null;
        }
    }
}
