using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ContactCenter.Application.CrmKeys;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.CrmKeys;
using ContactCenter.Domain.Recordings;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>The one-time code for an access request; a right one is answered with the one grant (REC-10).</summary>
/// <param name="AccessRequestId">The request.</param>
/// <param name="Code">Six digits of the key's authenticator.</param>
public sealed record VerifyRecordingAccess(Guid AccessRequestId, string Code) : ICommand<RecordingGrant>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.CrmKey;

    /// <summary>Never the code, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(VerifyRecordingAccess)}({AccessRequestId})";
}

/// <summary>What opens a recording once.</summary>
/// <param name="Secret">The grant itself; cannot be had again.</param>
/// <param name="UseBy">Good until then.</param>
public sealed record RecordingGrant(string Secret, DateTimeOffset UseBy)
{
    /// <summary>What is kept of a grant; with 256 random bits in it a fast hash is enough.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Without the secret.</summary>
    public override string ToString() => nameof(RecordingGrant);
}

/// <summary>The shape of <see cref="VerifyRecordingAccess"/>.</summary>
public sealed class VerifyRecordingAccessValidator : AbstractValidator<VerifyRecordingAccess>
{
    /// <summary>Its rules.</summary>
    public VerifyRecordingAccessValidator() => RuleFor(r => r.Code).NotEmpty().Matches("^[0-9]{6}\\z").WithMessage("Must be six digits.");
}

/// <summary>
/// Handles <see cref="VerifyRecordingAccess"/>. What becomes of the code and of the request is one write: two who come with
/// one code at once meet in the key's stream, and one wins.
/// </summary>
public sealed class VerifyRecordingAccessHandler(UnitOfWork work, CurrentCall call, CrmKeySecrets secrets) : IRequestHandler<VerifyRecordingAccess, Result<RecordingGrant>>
{
    private const int SecretBytes = 32;

    /// <inheritdoc/>
    public async Task<Result<RecordingGrant>> Handle(VerifyRecordingAccess request, CancellationToken cancellationToken)
    {
        call.Subject = Aggregates.RecordingAccess.Stream(request.AccessRequestId).Value;
        var keyId = call.Context.Caller.CrmKeyId ?? Guid.Empty;
        var access = await work.LoadAsync(Aggregates.RecordingAccess, request.AccessRequestId, cancellationToken);
        if (RecordingAccessDecider.WhyNotVerified(access.State, keyId, call.Now) is { } notAsked)
            return notAsked;
        var key = await work.LoadAsync(Aggregates.CrmKey, keyId, cancellationToken);
        var step = Totp.StepOf(request.Code, secrets.Totp(keyId), call.Now);
        if (work.Append(Aggregates.CrmKey, key, CrmKeyDecider.Check(key.State, request.AccessRequestId, step, call.Now)) is { } refusal)
            return refusal;
        return step is null ? await CountAsync(key, cancellationToken) : await GrantAsync(key, access, cancellationToken);
    }

    private async Task<Result<RecordingGrant>> CountAsync(Versioned<CrmKey> key, CancellationToken cancellationToken)
    {
        var counted = await work.CommitAsync(key, cancellationToken);
        return counted.IsOk ? CrmKeyErrors.WrongCode : counted.Error;
    }

    private async Task<Result<RecordingGrant>> GrantAsync(Versioned<CrmKey> key, Versioned<RecordingAccess> access, CancellationToken cancellationToken)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        var allowed = RecordingAccessDecider.Allow(access.State, key.State.Id, RecordingGrant.Hash(secret), call.Now);
        if (work.Append(Aggregates.RecordingAccess, access, allowed) is { } refusal)
            return refusal;
        var useBy = work.After(access).Grant!.UseBy;
        var committed = await work.CommitAsync(access, cancellationToken);
        return committed.IsOk ? new RecordingGrant(secret, useBy) : committed.Error;
    }
}
