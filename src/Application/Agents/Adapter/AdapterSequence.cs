namespace ContactCenter.Application.Agents.Adapter;

/// <summary>
/// The number of an update: which event of the agent's own stream was the last before it, how many updates came since, and a
/// check of which those were. It rises, any node finds its place in the log again, and nothing else that happens in the
/// contact center moves it, as it would a position (ADR 0069).
/// </summary>
/// <param name="Value">As on the wire.</param>
public readonly record struct AdapterSequence(long Value)
{
    // With 2^22 events of an agent it is still a number that JSON carries exactly.
    private const int CheckBits = 12;
    private const int CountBits = 18;

    // No position that a log comes to, so that one from before there were these numbers is not taken for one of them.
    private const long First = 1L << 52;

    /// <summary>Before the first update.</summary>
    public static AdapterSequence Start => default;

    /// <summary>The version of the agent's stream; negative for a number of another kind.</summary>
    public long AgentVersion => (Value - First) >> (CheckBits + CountBits);

    /// <summary>How many updates came since, of all that this agent is told of.</summary>
    internal long Count => Value >> CheckBits;

    /// <summary>Right after an event of the agent's stream.</summary>
    /// <param name="version">The event's.</param>
    public static AdapterSequence Of(long version) => new(First + (version << (CheckBits + CountBits)));

    /// <summary>Of the next update, that no event of the agent's stream caused.</summary>
    /// <param name="version">Which event of its stream did.</param>
    public AdapterSequence Next(long version)
    {
        var check = ((Value * 31) + version) & ((1 << CheckBits) - 1);
        return new(((Count + 1) << CheckBits) + check);
    }
}
