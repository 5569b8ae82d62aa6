namespace ContactCenter.Domain.Settings;

/// <summary>Something that is there in one language, and may be there in others.</summary>
public interface IInLanguage
{
    /// <summary>Its language, BCP 47.</summary>
    string Language { get; }
}

/// <summary>Tags of languages, BCP 47. Lists of what there is by language are short: looking through them costs less than anything else.</summary>
public static class Languages
{
    /// <summary>The form in which tags are kept: lower case.</summary>
    public static string Normal(string language) => language.Any(char.IsUpper) ? language.ToLowerInvariant() : language;

    /// <summary>Whether two tags are the same: upper and lower case are.</summary>
    public static bool AreSame(ReadOnlySpan<char> language, ReadOnlySpan<char> other) => language.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether what there is in one language is for somebody's: it is the very language, or what it begins with (<c>de</c> for <c>de-AT</c>).</summary>
    public static bool IsFor(string wanted, string there) =>
        AreSame(wanted, there) || (wanted.Length > there.Length && wanted[there.Length] == '-' && AreSame(wanted.AsSpan(0, there.Length), there));

    /// <summary>What there is in this very language, or null.</summary>
    public static T? Find<T>(ReadOnlySpan<char> language, IReadOnlyList<T> there)
        where T : class, IInLanguage
    {
        for (var i = 0; i < there.Count; i++)
        {
            if (AreSame(language, there[i].Language))
                return there[i];
        }

        return null;
    }

    /// <summary>
    /// The best of what there is for somebody's language: the very tag, then its base (<c>de</c> for <c>de-AT</c>), then
    /// the default; null if there is none of them. Allocates nothing.
    /// </summary>
    public static T? Best<T>(string wanted, string? byDefault, IReadOnlyList<T> there)
        where T : class, IInLanguage
    {
        for (var tag = wanted.AsSpan(); ; tag = tag[..tag.LastIndexOf('-')])
        {
            if (Find(tag, there) is { } found)
                return found;
            if (!tag.Contains('-'))
                return byDefault is null ? null : Find(byDefault, there);
        }
    }
}
