using System.Diagnostics;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.CrmKeys;

namespace ContactCenter.Domain.Recordings;

/// <summary>A fact about one request to hear a recording that waits for the CRM (REC-10). Stream <c>accessrequest-{id}</c>.</summary>
public abstract record RecordingAccessEvent : IDomainEvent
{
    private protected RecordingAccessEvent()
    {
    }
}

/// <summary>The holder of a CRM key asked, with a signed request.</summary>
/// <param name="AccessRequestId">The request.</param>
/// <param name="RecordingId">The recording.</param>
/// <param name="CrmKeyId">Whose key.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="VerifyBy">Until when a code is taken for it.</param>
[EventType("recording_access.requested.v1")]
public sealed record RecordingAccessRequested(
    Guid AccessRequestId, Guid RecordingId, Guid CrmKeyId, DateTimeOffset RequestedAt, DateTimeOffset VerifyBy) : RecordingAccessEvent;

/// <summary>With a right code it was granted, once.</summary>
/// <param name="AccessRequestId">The request.</param>
/// <param name="RecordingId">The recording.</param>
/// <param name="CrmKeyId">Whose key.</param>
/// <param name="SecretHash">SHA-256 of the grant (256 random bits), hexadecimal.</param>
/// <param name="GrantedAt">When.</param>
/// <param name="UseBy">Good until then.</param>
[EventType("recording_access.granted.v1")]
public sealed record RecordingAccessGranted(
    Guid AccessRequestId, Guid RecordingId, Guid CrmKeyId, string SecretHash, DateTimeOffset GrantedAt, DateTimeOffset UseBy) : RecordingAccessEvent;

/// <summary>The grant was used: its bytes go out after this is durable, and never again.</summary>
[EventType("recording_access.used.v1")]
public sealed record RecordingAccessUsed(Guid AccessRequestId, Guid RecordingId, DateTimeOffset UsedAt) : RecordingAccessEvent;

/// <summary>The state of one request for access: the fold of its events.</summary>
public sealed record RecordingAccess
{
    /// <summary>How long a code is taken for a request.</summary>
    public static readonly TimeSpan TimeToVerify = TimeSpan.FromMinutes(5);

    /// <summary>How long a grant is good.</summary>
    public static readonly TimeSpan TimeToUse = TimeSpan.FromSeconds(60);

    /// <summary>Before the first event.</summary>
    public static RecordingAccess Initial { get; } = new();

    /// <summary>What was asked, or null: nothing was.</summary>
    public RecordingAccessRequested? Request { get; init; }

    /// <summary>What was granted, or null.</summary>
    public RecordingAccessGranted? Grant { get; init; }

    /// <summary>True once the grant was used.</summary>
    public bool IsUsed { get; init; }

    /// <summary>The state after one more event.</summary>
    public RecordingAccess Apply(RecordingAccessEvent happened) => happened switch
    {
        RecordingAccessRequested e => this with { Request = e },
        RecordingAccessGranted e => this with { Grant = e },
        RecordingAccessUsed => this with { IsUsed = true },
        _ => throw new UnreachableException($"RecordingAccess does not know {happened.GetType().Name}."),
    };
}

/// <summary>The rules of access while a recording waits (REC-10): one key, one code, one grant, one use, in time.</summary>
public static class RecordingAccessDecider
{
    private static readonly NotFoundError NotFound = new("access_request.not_found", "There is no such access request.");
    private static readonly ConflictError Over = new("access_request.expired", "The time for this is over. Ask again.");
    private static readonly ConflictError Granted = new("access_request.granted", "It was granted, once. Ask again.");
    private static readonly ConflictError Used = new("access_request.used", "The grant was used, once. Ask again.");

    /// <summary>The holder of a key asks for a recording that waits; a locked key opens nothing, and asks for nothing.</summary>
    public static Decision<RecordingAccessEvent> Request(RecordingAccess a, Guid id, Recording r, CrmKey k, DateTimeOffset now)
    {
        if (a.Request is not null)
            return Decision<RecordingAccessEvent>.Nothing;
        if (CrmKeyDecider.WhyNotAsked(k) is { } noKey)
            return noKey;
        return WhyNotHeard(r) is { } refusal ? refusal : new RecordingAccessRequested(id, r.Id, k.Id, now, now + RecordingAccess.TimeToVerify);
    }

    /// <summary>Why no code is looked at for this request, or null. Another key's request is none.</summary>
    public static DomainError? WhyNotVerified(RecordingAccess a, Guid crmKeyId, DateTimeOffset now)
    {
        if (a.Request is not { } request || request.CrmKeyId != crmKeyId)
            return NotFound;
        if (a.Grant is not null)
            return Granted;
        return now < request.VerifyBy ? null : Over;
    }

    /// <summary>A right code came.</summary>
    public static Decision<RecordingAccessEvent> Allow(RecordingAccess a, Guid crmKeyId, string secretHash, DateTimeOffset now)
    {
        if (WhyNotVerified(a, crmKeyId, now) is { } refusal)
            return refusal;
        var request = a.Request!;
        return new RecordingAccessGranted(request.AccessRequestId, request.RecordingId, crmKeyId, secretHash, now, now + RecordingAccess.TimeToUse);
    }

    /// <summary>Somebody comes with a grant.</summary>
    /// <param name="a">The request for access.</param>
    /// <param name="isSecret">Whether it is the grant given.</param>
    /// <param name="k">The key it was given to: a grant does not outlive it.</param>
    /// <param name="r">The recording.</param>
    /// <param name="now">The time.</param>
    public static Decision<RecordingAccessEvent> Use(RecordingAccess a, bool isSecret, CrmKey k, Recording r, DateTimeOffset now)
    {
        if (a.Grant is not { } grant || !isSecret)
            return NotFound;
        if (CrmKeyDecider.WhyNotAsked(k) is { } noKey)
            return noKey;
        if (a.IsUsed)
            return Used;
        if (now >= grant.UseBy)
            return Over;
        return WhyNotHeard(r) is { } refusal ? refusal : new RecordingAccessUsed(grant.AccessRequestId, grant.RecordingId, now);
    }

    private static DomainError? WhyNotHeard(Recording r) => r switch
    {
        { Status: RecordingStatus.None } => RecordingErrors.NotFound,
        { Status: RecordingStatus.Ready, IsEmpty: false } => null,
        _ => RecordingErrors.NotWaiting,
    };
}
