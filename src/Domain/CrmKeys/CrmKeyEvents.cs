using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.CrmKeys;

/// <summary>A fact about a key with which the CRM asks for recordings that wait for it (REC-10). Stream <c>crmkey-{id}</c>; holds no secret.</summary>
public abstract record CrmKeyEvent : IDomainEvent
{
    private protected CrmKeyEvent()
    {
    }
}

/// <summary>A key was issued. Its secrets follow from its id and a key file, and are in no event.</summary>
[EventType("crm_key.issued.v1")]
public sealed record CrmKeyIssued(Guid CrmKeyId, string Name, DateTimeOffset IssuedAt) : CrmKeyEvent;

/// <summary>The key is void.</summary>
[EventType("crm_key.revoked.v1")]
public sealed record CrmKeyRevoked(Guid CrmKeyId, DateTimeOffset RevokedAt) : CrmKeyEvent;

/// <summary>A right code came; no code of its step or an earlier one is taken again.</summary>
/// <param name="CrmKeyId">The key.</param>
/// <param name="AccessRequestId">For what.</param>
/// <param name="Step">RFC 6238's time step.</param>
/// <param name="AcceptedAt">When.</param>
[EventType("crm_key.code_accepted.v1")]
public sealed record CrmCodeAccepted(Guid CrmKeyId, Guid AccessRequestId, long Step, DateTimeOffset AcceptedAt) : CrmKeyEvent;

/// <summary>A wrong code came.</summary>
/// <param name="CrmKeyId">The key.</param>
/// <param name="AccessRequestId">For what.</param>
/// <param name="Failures">How many since the last right one.</param>
/// <param name="RefusedAt">When.</param>
[EventType("crm_key.code_refused.v1")]
public sealed record CrmCodeRefused(Guid CrmKeyId, Guid AccessRequestId, int Failures, DateTimeOffset RefusedAt) : CrmKeyEvent;

/// <summary>Too many wrong codes: the key opens nothing any more.</summary>
[EventType("crm_key.locked.v1")]
public sealed record CrmKeyLocked(Guid CrmKeyId, DateTimeOffset LockedAt) : CrmKeyEvent;
