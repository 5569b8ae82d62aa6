using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.VirtualAgents;

/// <summary>A virtual agent answered, or could not. One that is out of the session changes nothing any more.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="VirtualAgentId">Its part in the session.</param>
/// <param name="Answer">What it answers.</param>
/// <param name="EscalateTo">The queue people of which are to take over, or null for the one it answers in.</param>
public sealed record AnswerAsVirtualAgent(Guid SessionId, Guid VirtualAgentId, VirtualAgentAnswer Answer, Guid? EscalateTo = null) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;

    /// <summary>Without what is written.</summary>
    public override string ToString() => $"{nameof(AnswerAsVirtualAgent)}({SessionId}, {Answer.Step})";
}

/// <summary>Handles <see cref="AnswerAsVirtualAgent"/>.</summary>
public sealed class AnswerAsVirtualAgentHandler(UnitOfWork work, VirtualAgentWork virtualAgents) : IRequestHandler<AnswerAsVirtualAgent, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(AnswerAsVirtualAgent request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        return await virtualAgents.AnswerAsync(session, request.VirtualAgentId, request.Answer, request.EscalateTo, cancellationToken) is { } refusal
            ? refusal
            : await work.CommitAsync(session, cancellationToken);
    }
}
