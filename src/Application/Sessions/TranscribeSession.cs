using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>An add-on wrote down what was said in a call (REC-13); what was not recorded is redacted.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="Lines">1 to 5,000 things that were said, with 250,000 characters at most.</param>
public sealed record TranscribeSession(Guid SessionId, IReadOnlyList<SpokenLine> Lines) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.TranscriptsWrite, Target.Session(SessionId));

    /// <summary>Never the text, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(TranscribeSession)}({SessionId})";
}

/// <summary>The shape of <see cref="TranscribeSession"/>.</summary>
public sealed class TranscribeSessionValidator : AbstractValidator<TranscribeSession>
{
    private const int MaxLines = 5_000;
    private const int MaxCharacters = 250_000;

    /// <summary>Its rules.</summary>
    public TranscribeSessionValidator() => RuleFor(r => r.Lines).Must(AreLines).WithMessage(LinesRule);

    /// <summary>What <see cref="AreLines"/> asks for.</summary>
    internal static string LinesRule { get; } = $"Must be 1 to {MaxLines} lines that are not empty, with {MaxCharacters} characters at most.";

    /// <summary>The shape of what was said.</summary>
    internal static bool AreLines(IReadOnlyList<SpokenLine>? lines) => lines is { Count: > 0 and <= MaxLines }
        && lines.All(l => l is not null && Enum.IsDefined(l.From) && !string.IsNullOrWhiteSpace(l.Text)) && lines.Sum(l => l.Text.Length) <= MaxCharacters;
}

/// <summary>Handles <see cref="TranscribeSession"/>.</summary>
public sealed class TranscribeSessionHandler(UnitOfWork work, CurrentCall call, IEventStore log) : IRequestHandler<TranscribeSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(TranscribeSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var known = await WrittenDown.ReadAsync(log, request.SessionId, cancellationToken);
        var recorded = await WrittenDown.RecordedAsync(log, request.SessionId, cancellationToken);
        if (work.Append(Aggregates.Session, session, SessionDecider.Transcribe(session.State, request.Lines, recorded, known.Transcript, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
