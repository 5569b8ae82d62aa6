using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Queues;

/// <summary>Why a queue, or a command that names one, is refused.</summary>
internal static class QueueErrors
{
    public static readonly NotFoundError NotFound = new("queue.not_found", "There is no such queue.");
    public static readonly ConflictError Archived = new("queue.archived", "The queue is archived.");
    public static readonly UnprocessableError ParentNotFound = new("queue.parent_not_found", "There is no such parent queue.");
    public static readonly UnprocessableError ParentArchived = new("queue.parent_archived", "The parent queue is archived.");
    public static readonly UnprocessableError UnderItself = new("queue.under_itself", "A queue cannot stand under itself or a queue below it.");
    public static readonly ConflictError HasChildren = new("queue.has_children", "Queues stand below it: move or archive them first.");
    public static readonly UnprocessableError OtherChannel = new("queue.other_channel", "The queue belongs to the menu of another channel.");
    public static readonly UnprocessableError TakesNoCalls = new("queue.takes_no_calls", "The queue belongs to the menu of sms, by which no calls come: nothing would come of this setting.");

    /// <summary>Why a session of this channel cannot go to this queue, or null if it can.</summary>
    public static UnprocessableError? WhyNotFor(Channel channel, Queue queue)
    {
        if (!queue.Exists)
            return new UnprocessableError(NotFound.Code, NotFound.Message);
        if (queue.IsArchived)
            return new UnprocessableError(Archived.Code, Archived.Message);
        return queue.Channel == channel ? null : OtherChannel;
    }
}
