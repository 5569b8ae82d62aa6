namespace ContactCenter.Domain.Settings;

/// <summary>The support center's details.</summary>
/// <param name="Name">As consumers know it, 1 to 100 characters.</param>
/// <param name="Email">Where consumers are pointed to outside the hours (AHD-3), or null.</param>
/// <param name="PhoneNumber">E.164, or null.</param>
/// <param name="TimeZone">IANA; names of anonymous consumers (CON-1), the days of figures, and slots of queues without hours follow it; a schedule has its own.</param>
/// <param name="Languages">BCP 47, the enabled ones; at least one.</param>
/// <param name="DefaultLanguage">One of them.</param>
public sealed record SupportCenter(
    string Name, string? Email, string? PhoneNumber, string TimeZone, IReadOnlyList<string> Languages, string DefaultLanguage)
{
    /// <summary>What a new contact center has.</summary>
    public static SupportCenter Default { get; } = new("Contact center", Email: null, PhoneNumber: null, "Etc/UTC", ["en"], "en");

    /// <inheritdoc/>
    public bool Equals(SupportCenter? other) =>
        other is not null
        && (Name, Email, PhoneNumber, TimeZone, DefaultLanguage) == (other.Name, other.Email, other.PhoneNumber, other.TimeZone, other.DefaultLanguage)
        && Languages.SequenceEqual(other.Languages, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Email, TimeZone);
}
