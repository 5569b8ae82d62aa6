using ContactCenter.Application.VirtualAgents;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Infrastructure.VirtualAgents;

/// <summary>
/// A virtual agent for tests and the demo, which says so in every sentence. It understands four words: <c>human</c> passes on to
/// people, <c>goodbye</c> ends, <c>verify</c> takes the consumer for verified, <c>break</c> fails. In a call, where it has no
/// ears, the session's custom value <see cref="Wish"/> is what the consumer says to begin with; in a chat too.
/// </summary>
public sealed class SimulatedVirtualAgent : IVirtualAgentConnector
{
    /// <summary>The custom value that is taken for the consumer's first words.</summary>
    public const string Wish = "simulated_wish";

    /// <inheritdoc/>
    public string Name => "simulated";

    /// <inheritdoc/>
    public Task<VirtualAgentReaction> AnswerAsync(VirtualAgentTurn turn, CancellationToken cancellationToken)
    {
        var reaction = (turn.Said ?? turn.Data.GetValueOrDefault(Wish)) is { } said ? To(said) : Greeting(turn);
        return Task.FromResult(turn.Kind == SessionKind.Call ? reaction with { Replies = [] } : reaction);
    }

    private static VirtualAgentReaction Greeting(VirtualAgentTurn turn) => Says($"Hello, this is the simulated virtual agent {turn.Name}.");

    private static VirtualAgentReaction To(string said)
    {
        bool Has(string word) => said.Contains(word, StringComparison.OrdinalIgnoreCase);

        if (Has("break"))
            throw new InvalidOperationException("The simulated virtual agent was asked to fail.");
        if (Has("goodbye"))
            return Says("The simulated virtual agent says goodbye.", VirtualAgentStep.End);
        if (Has("human"))
            return Says("The simulated virtual agent passes you on.", VirtualAgentStep.Escalate);
        return Has("verify")
            ? Says("The simulated virtual agent takes you for verified.") with { IsVerified = true }
            : Says("The simulated virtual agent knows the words human, goodbye and verify.");
    }

    private static VirtualAgentReaction Says(string text, VirtualAgentStep step = VirtualAgentStep.Stay) => new([text], step);
}
