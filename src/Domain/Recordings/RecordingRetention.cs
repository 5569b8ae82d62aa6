namespace ContactCenter.Domain.Recordings;

/// <summary>Where recordings stay (REC-6, REC-11).</summary>
public enum RetentionPolicy
{
    /// <summary>They go to the CRM, and are gone from here.</summary>
    Crm,

    /// <summary>They stay here.</summary>
    Hosted,
}

/// <summary>Where recordings stay, and how long (REC-6, REC-11, REC-12).</summary>
/// <param name="Policy">Applies to recordings that begin from now on.</param>
/// <param name="DeleteAfterDays">Hosted recordings are deleted so many days after they began, 1 to 36,500, those made before as well; null: by hand only.</param>
/// <param name="NewRecordingsArePublic">Whether consumers may hear hosted recordings of theirs that begin from now on.</param>
public sealed record RecordingRetention(RetentionPolicy Policy, int? DeleteAfterDays, bool NewRecordingsArePublic)
{
    /// <summary>The most days a schedule may have.</summary>
    public const int MostDays = 36_500;

    /// <summary>They go to the CRM.</summary>
    public static RecordingRetention Default { get; } = new(RetentionPolicy.Crm, DeleteAfterDays: null, NewRecordingsArePublic: false);

    /// <summary>How long hosted recordings are kept, or null: without limit.</summary>
    public TimeSpan? KeptFor() => DeleteAfterDays is { } days ? TimeSpan.FromDays(days) : null;
}
