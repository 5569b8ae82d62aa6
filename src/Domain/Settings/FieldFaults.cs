using System.Text.RegularExpressions;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Settings;

/// <summary>Everything that is wrong with the shape of a page, by field, so that a person hears all of it at once.</summary>
internal sealed partial class FieldFaults
{
    private readonly Dictionary<string, List<string>> byField = new(StringComparer.Ordinal);

    /// <summary>What was found, or null.</summary>
    public ValidationError? Error => byField.Count == 0
        ? null
        : new ValidationError("request.invalid", "The request is not valid.", byField.ToDictionary(f => f.Key, f => f.Value.ToArray(), StringComparer.Ordinal));

    public void Add(string field, string message)
    {
        if (!byField.TryGetValue(field, out var messages))
            byField[field] = messages = [];
        messages.Add(message);
    }

    /// <summary>What somebody else found, below a place.</summary>
    public void Add(ValidationError? found, string prefix = "")
    {
        foreach (var (field, messages) in found?.Fields ?? new Dictionary<string, string[]>())
        {
            foreach (var message in messages)
                Add(prefix + field, message);
        }
    }

    public void Range(string field, int value, int from, int to)
    {
        if (value < from || value > to)
            Add(field, $"Must be from {from} to {to}.");
    }

    public void Text(string field, string? text, int max)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > max || text.Any(char.IsControl))
            Add(field, $"Must have 1 to {max} characters, and no control characters.");
    }

    public void Email(string field, string? address)
    {
        if (address is not null && (address.Length > 254 || !EmailShape().IsMatch(address)))
            Add(field, "Must be an e-mail address.");
    }

    public void PhoneNumber(string field, string? number)
    {
        if (number is not null && !PhoneNumberShape().IsMatch(number))
            Add(field, "Must be a number in E.164, for example +4930123456.");
    }

    public void Language(string field, string? tag)
    {
        if (tag is not { Length: <= 35 } || !LanguageShape().IsMatch(tag))
            Add(field, "Must be a BCP 47 language tag.");
    }

    /// <summary>No two languages that are the same but for capitals.</summary>
    public void Different(IEnumerable<string?> languages, Func<int, string> field)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (i, language) in languages.Index())
        {
            if (language is not null && !seen.Add(language))
                Add(field(i), $"{language} is there twice.");
        }
    }

    /// <summary>One message for each of several languages.</summary>
    public void Messages(string field, IReadOnlyList<LocalMessage>? messages)
    {
        const int most = 100;
        if (messages is { Count: > most })
            Add(field, $"At most {most} messages.");
        foreach (var (i, message) in (messages ?? []).Index())
        {
            Language($"{field}[{i}].language", message?.Language);
            Message($"{field}[{i}].message.", message?.Message);
        }
    }

    public void Message(string prefix, Message? message)
    {
        if (message?.IsWhole() != true)
            Add(prefix + "text", $"Give text of 1 to {Settings.Message.MaxText} characters, or the id of uploaded audio, and not both.");
        else if (message.Text?.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) == true)
            Add(prefix + "text", "Must not hold control characters.");
    }

    [GeneratedRegex(@"^[^@\s\p{C}]+@[^@\s\p{C}]+\.[^@\s\p{C}]+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex EmailShape();

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex PhoneNumberShape();

    [GeneratedRegex(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex LanguageShape();
}
