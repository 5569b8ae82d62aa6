using System.Text.Json;
using ContactCenter.Api.Errors;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Api.Endpoints;

/// <summary>
/// A session's custom data as an SDK sends it, reserved attributes among it (DAT-1). An unknown reserved name or a
/// wrong type refuses it whole (DAT-5).
/// </summary>
internal static class CustomData
{
    /// <summary>Parts it into plain values and flags.</summary>
    /// <exception cref="BadRequestException">Something in it cannot be.</exception>
    public static (Dictionary<string, string> Data, CustomerFlags Flags) Read(IReadOnlyDictionary<string, JsonElement>? sent)
    {
        Dictionary<string, string> data = new(StringComparer.Ordinal);
        var flags = CustomerFlags.None;
        foreach (var (name, value) in sent ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal))
        {
            if (SessionData.IsReserved(name))
                flags = Flag(flags, name, value);
            else
                data.Add(name, Plain(name, value));
        }

        return (data, flags);
    }

    private static CustomerFlags Flag(CustomerFlags flags, string name, JsonElement value)
    {
        var isSet = value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw BadRequestException.Field(Field(name), "Must be true or false."),
        };
        return SessionData.With(flags, name, isSet) ?? throw BadRequestException.Field(Field(name), "There is no such reserved attribute.");
    }

    private static string Plain(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw BadRequestException.Field(Field(name), "Must be a string, a number, true or false."),
    };

    private static string Field(string name) => "data." + (name.Length > 100 ? name[..100] : name);
}
