using ContactCenter.Domain.Recordings;

namespace ContactCenter.Domain.Settings;

/// <summary>Whether calls are recorded where their number does not say so itself, and how long silence may last (REC-3, REC-4).</summary>
/// <param name="Enabled">Inbound and outbound together.</param>
/// <param name="Consent">How consent is asked for.</param>
/// <param name="RedactionSeconds">A redaction ends by itself after so long, 10 to 3,600.</param>
/// <param name="PauseSeconds">An agent's pause that lasts longer seems forgotten, and is told of, 10 to 3,600.</param>
/// <param name="Retention">Where recordings stay, and how long.</param>
public sealed record RecordingRules(bool Enabled, ConsentMode Consent, int RedactionSeconds, int PauseSeconds, RecordingRetention Retention)
{
    /// <summary>The shortest and the longest time before a pause seems forgotten, in seconds.</summary>
    public const int LeastSeconds = 10, MostSeconds = 3_600;

    /// <summary>On, nobody is asked; two minutes for a redaction, five for a pause; they go to the CRM.</summary>
    public static RecordingRules Default { get; } = new(Enabled: true, ConsentMode.None, RedactionSeconds: 120, PauseSeconds: 300, RecordingRetention.Default);
}

/// <summary>One of the center's telephone numbers.</summary>
/// <param name="Number">E.164.</param>
/// <param name="Label">What people call it, 1 to 100 characters.</param>
/// <param name="Recording">Whether its calls are recorded; null for what applies to the center (REC-3).</param>
public sealed record PhoneLine(string Number, string Label, RecordingPolicy? Recording = null);

/// <summary>The center's telephone numbers.</summary>
/// <param name="Numbers">Each once.</param>
public sealed record PhoneLines(IReadOnlyList<PhoneLine> Numbers)
{
    /// <summary>None.</summary>
    public static PhoneLines None { get; } = new([]);

    /// <inheritdoc/>
    public bool Equals(PhoneLines? other) => other is not null && Numbers.SequenceEqual(other.Numbers);

    /// <inheritdoc/>
    public override int GetHashCode() => Numbers.Count;
}
