using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// One side of a connected chat types, and the other is shown so. Never an event and, as a query, never in the audit
/// trail; see <see cref="TypingBus"/> for how little it promises.
/// </summary>
/// <param name="SessionId">The chat.</param>
/// <param name="AgentId">The agent who types; null for the consumer.</param>
public sealed record ReportTyping(Guid SessionId, Guid? AgentId) : IQuery<Receipt>
{
    /// <inheritdoc/>
    public Requirement Requirement => AgentId is { } agentId ? Requirement.ActingIn(SessionId, agentId) : Requirement.ConsumerOf(SessionId);
}

/// <summary>Handles <see cref="ReportTyping"/>.</summary>
public sealed class ReportTypingHandler(TypingBus typing) : IRequestHandler<ReportTyping, Result<Receipt>>
{
    private static readonly ConflictError NotConnected = new("session.not_connected", "The chat is not connected.");

    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ReportTyping request, CancellationToken cancellationToken)
    {
        var shown = request.AgentId is { } agentId
            ? await typing.FromAgentAsync(agentId, request.SessionId, cancellationToken)
            : await typing.FromConsumerAsync(request.SessionId, cancellationToken);
        return shown ? new Receipt(request.SessionId, Version: 0, Position: "0") : NotConnected;
    }
}
