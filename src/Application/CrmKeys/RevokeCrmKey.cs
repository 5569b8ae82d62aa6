using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.CrmKeys;
using MediatR;

namespace ContactCenter.Application.CrmKeys;

/// <summary>A CRM key is void.</summary>
/// <param name="CrmKeyId">Its public part.</param>
public sealed record RevokeCrmKey(Guid CrmKeyId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}

/// <summary>Handles <see cref="RevokeCrmKey"/>.</summary>
public sealed class RevokeCrmKeyHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<RevokeCrmKey, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(RevokeCrmKey request, CancellationToken cancellationToken)
    {
        var key = await work.LoadAsync(Aggregates.CrmKey, request.CrmKeyId, cancellationToken);
        if (work.Append(Aggregates.CrmKey, key, CrmKeyDecider.Revoke(key.State, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(key, cancellationToken);
    }
}
