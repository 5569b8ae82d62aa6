using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Access;

/// <summary>An API key is issued for an integrator, the CRM or an SDK. Its text is answered once and kept nowhere.</summary>
/// <param name="Name">What it is for, 1 to 100 characters.</param>
/// <param name="Grants">What it may do.</param>
public sealed record IssueApiKey(string Name, IReadOnlyList<Grant> Grants) : ICommand<IssuedApiKey>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}

/// <summary>A key just issued.</summary>
/// <param name="Id">Its public part.</param>
/// <param name="Key">The whole key, <c>cc_{id}_{secret}</c>; cannot be had again.</param>
public sealed record IssuedApiKey(Guid Id, string Key)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{nameof(IssuedApiKey)}({Id})";
}

/// <summary>The shape of <see cref="IssueApiKey"/>.</summary>
public sealed class IssueApiKeyValidator : AbstractValidator<IssueApiKey>
{
    /// <summary>Its rules.</summary>
    public IssueApiKeyValidator()
    {
        RuleFor(r => r.Name).Text(100);
        RuleFor(r => r.Grants).Grants();
    }
}

/// <summary>Handles <see cref="IssueApiKey"/>.</summary>
public sealed class IssueApiKeyHandler(UnitOfWork work, CurrentCall call, References references) : IRequestHandler<IssueApiKey, Result<IssuedApiKey>>
{
    /// <inheritdoc/>
    public async Task<Result<IssuedApiKey>> Handle(IssueApiKey request, CancellationToken cancellationToken)
    {
        var key = await work.LoadAsync(Aggregates.ApiKey, call.NewId(), cancellationToken);
        var (id, secret) = (key.Stream.Id, ApiKeyText.NewSecret());
        var refusal =
            references.WhyNotGrants(request.Grants)
            ?? work.Append(Aggregates.ApiKey, key, AccessDecider.IssueApiKey(
                key.State, id, request.Name, ApiKeyText.Hash(secret), request.Grants, call.Now));
        if (refusal is not null)
            return refusal;
        var committed = await work.CommitAsync(key, cancellationToken);
        return committed.IsOk ? new IssuedApiKey(id, ApiKeyText.Of(id, secret)) : committed.Error;
    }
}
