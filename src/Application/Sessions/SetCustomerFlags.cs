using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>Reserved data attributes are set; null leaves one as it is (DAT-1).</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Flags">The new values.</param>
/// <param name="Source">From where: <c>sdk</c>, <c>apps_api</c>, <c>sip</c>, <c>virtual_agent</c> (DAT-5).</param>
public sealed record SetCustomerFlags(Guid SessionId, CustomerFlags Flags, string Source) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.EntryWrite, Target.Session(SessionId));
}

/// <summary>The shape of <see cref="SetCustomerFlags"/>.</summary>
public sealed class SetCustomerFlagsValidator : AbstractValidator<SetCustomerFlags>
{
    /// <summary>Its rules.</summary>
    public SetCustomerFlagsValidator()
    {
        RuleFor(r => r.Flags).NotNull();
        RuleFor(r => r.Source).Must(source => source is "sdk" or "apps_api" or "sip" or "virtual_agent").WithMessage("Must be sdk, apps_api, sip or virtual_agent.");
    }
}

/// <summary>Handles <see cref="SetCustomerFlags"/>.</summary>
public sealed class SetCustomerFlagsHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<SetCustomerFlags, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(SetCustomerFlags request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if (work.Append(Aggregates.Session, session, SessionDecider.Flag(session.State, request.Flags, request.Source, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
