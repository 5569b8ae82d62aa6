using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <summary>The rules of a session's custom data, and of the reserved attributes that come with it (DAT-1, DAT-5).</summary>
public static class SessionData
{
    /// <summary>The most values of one session.</summary>
    public const int MaxValues = 50;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The longest value, in characters.</summary>
    public const int MaxValueLength = 4_000;

    /// <summary>True for a name that no custom value may have.</summary>
    public static bool IsReserved(string name) => name.StartsWith("reserved_", StringComparison.OrdinalIgnoreCase);

    /// <summary>The flags with one reserved attribute set, or null if there is none of that name.</summary>
    public static CustomerFlags? With(CustomerFlags flags, string name, bool isSet) => name switch
    {
        "reserved_verified_customer" => flags with { VerifiedCustomer = isSet },
        "reserved_bad_actor" => flags with { BadActor = isSet },
        "reserved_repeat_customer" => flags with { RepeatCustomer = isSet },
        _ => null,
    };

    /// <summary>Why this cannot be a session's custom data, or null.</summary>
    public static ValidationError? WhyNot(IReadOnlyDictionary<string, string> data)
    {
        if (data.Count > MaxValues)
            return ValidationError.Field("data", $"Must have at most {MaxValues} values.");
        if (data.Keys.Any(IsReserved))
            return ValidationError.Field("data", "Names that begin with reserved_ are not custom data.");
        return data.All(IsPlain)
            ? null
            : ValidationError.Field(
                "data", $"Names have 1 to {MaxNameLength} characters, none of them a control character, and values at most {MaxValueLength}, none of them NUL.");
    }

    private static bool IsPlain(KeyValuePair<string, string> pair) =>
        pair.Key.Length is >= 1 and <= MaxNameLength && pair.Value is { Length: <= MaxValueLength }
        && !pair.Key.Any(char.IsControl) && !pair.Value.Contains('\0', StringComparison.Ordinal);
}
