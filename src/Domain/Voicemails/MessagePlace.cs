namespace ContactCenter.Domain.Voicemails;

/// <summary>Where a message's audio is.</summary>
public enum MessagePlace
{
    /// <summary>On its way to the ticket; what waits here nobody can open (REC-10).</summary>
    OnItsWay,

    /// <summary>Where it is played from: kept here (REC-11), or attached to a ticket that is.</summary>
    Here,

    /// <summary>In another CRM, which shows its attachments itself.</summary>
    Elsewhere,

    /// <summary>Deleted (REC-11).</summary>
    Gone,
}
