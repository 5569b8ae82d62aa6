using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>An add-on wrote down what a session was about (REC-13).</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Text">1 to 20,000 characters.</param>
public sealed record SummarizeSession(Guid SessionId, string Text) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.TranscriptsWrite, Target.Session(SessionId));

    /// <summary>Never the text, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(SummarizeSession)}({SessionId})";
}

/// <summary>The shape of <see cref="SummarizeSession"/>.</summary>
public sealed class SummarizeSessionValidator : AbstractValidator<SummarizeSession>
{
    private const int MaxCharacters = 20_000;

    /// <summary>Its rules.</summary>
    public SummarizeSessionValidator() => RuleFor(r => r.Text).NotEmpty().MaximumLength(MaxCharacters);
}

/// <summary>Handles <see cref="SummarizeSession"/>.</summary>
public sealed class SummarizeSessionHandler(UnitOfWork work, CurrentCall call, IEventStore log) : IRequestHandler<SummarizeSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(SummarizeSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var known = await WrittenDown.ReadAsync(log, request.SessionId, cancellationToken);
        var recorded = await WrittenDown.RecordedAsync(log, request.SessionId, cancellationToken);
        if (work.Append(Aggregates.Session, session, SessionDecider.Summarize(session.State, request.Text, recorded, known.Summary, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
