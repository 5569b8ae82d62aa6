using System.Buffers.Text;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.CrmKeys;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.CrmKeys;

/// <summary>A key is issued with which the CRM may ask for recordings that wait for it (REC-10). Its secrets are answered once.</summary>
/// <param name="Name">What it is for, 1 to 100 characters.</param>
public sealed record IssueCrmKey(string Name) : ICommand<IssuedCrmKey>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}

/// <summary>A CRM key just issued.</summary>
/// <param name="Id">Its public part.</param>
/// <param name="SigningSecret">What requests are signed with, base64url; cannot be had again.</param>
/// <param name="TotpSecret">What an authenticator makes codes of, base32; cannot be had again.</param>
/// <param name="TotpUri">The same as authenticators scan it.</param>
public sealed record IssuedCrmKey(Guid Id, string SigningSecret, string TotpSecret, string TotpUri)
{
    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{nameof(IssuedCrmKey)}({Id})";
}

/// <summary>The shape of <see cref="IssueCrmKey"/>.</summary>
public sealed class IssueCrmKeyValidator : AbstractValidator<IssueCrmKey>
{
    /// <summary>Its rules.</summary>
    public IssueCrmKeyValidator() => RuleFor(r => r.Name).Text(100);
}

/// <summary>Handles <see cref="IssueCrmKey"/>.</summary>
public sealed class IssueCrmKeyHandler(UnitOfWork work, CurrentCall call, CrmKeySecrets secrets) : IRequestHandler<IssueCrmKey, Result<IssuedCrmKey>>
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <inheritdoc/>
    public async Task<Result<IssuedCrmKey>> Handle(IssueCrmKey request, CancellationToken cancellationToken)
    {
        var key = await work.LoadAsync(Aggregates.CrmKey, call.NewId(), cancellationToken);
        var id = key.Stream.Id;
        if (work.Append(Aggregates.CrmKey, key, CrmKeyDecider.Issue(key.State, id, request.Name, call.Now)) is { } refusal)
            return refusal;
        var committed = await work.CommitAsync(key, cancellationToken);
        if (!committed.IsOk)
            return committed.Error;
        var totp = InBase32(secrets.Totp(id));
        return new IssuedCrmKey(id, Base64Url.EncodeToString(secrets.Signing(id)), totp, $"otpauth://totp/Contact%20center:{id:D}?secret={totp}&issuer=Contact%20center");
    }

    /// <summary>RFC 4648, of a length that needs no padding.</summary>
    private static string InBase32(byte[] bytes)
    {
        var text = new char[bytes.Length * 8 / 5];
        for (var i = 0; i < text.Length; i++)
        {
            var value = 0;
            for (var bit = i * 5; bit < (i + 1) * 5; bit++)
                value = (value << 1) | ((bytes[bit / 8] >> (7 - (bit % 8))) & 1);
            text[i] = Base32[value];
        }

        return new string(text);
    }
}
