using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Recordings;

/// <summary>How consent to recording is asked for (REC-3).</summary>
public enum ConsentMode
{
    /// <summary>Nobody is asked.</summary>
    None,

    /// <summary>Recorded only after a yes.</summary>
    OptIn,

    /// <summary>Recorded unless there was a no.</summary>
    OptOut,
}

/// <summary>Whether calls are recorded (REC-3).</summary>
/// <param name="Enabled">Inbound and outbound together.</param>
/// <param name="Consent">How consent is asked for.</param>
public sealed record RecordingPolicy(bool Enabled, ConsentMode Consent)
{
    /// <summary>What applies until a phone number says otherwise: on, and nobody is asked.</summary>
    public static RecordingPolicy Default { get; } = new(Enabled: true, ConsentMode.None);

    /// <summary>True if a session with this consent is recorded. A no is a no in every mode.</summary>
    public bool Allows(RecordingConsent consent) => Enabled && consent switch
    {
        RecordingConsent.Granted => true,
        RecordingConsent.NotAsked or RecordingConsent.Asked => Consent != ConsentMode.OptIn,
        _ => false,
    };
}
