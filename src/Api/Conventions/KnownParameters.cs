using System.Runtime.CompilerServices;
using ContactCenter.Api.Errors;
using Microsoft.AspNetCore.Http.Metadata;

namespace ContactCenter.Api.Conventions;

/// <summary>Refuses a query parameter that the endpoint does not know: a filter misspelt would show everything.</summary>
internal sealed class KnownParameters(RequestDelegate next)
{
    private readonly ConditionalWeakTable<Endpoint, HashSet<string>> known = [];

    public Task InvokeAsync(HttpContext http)
    {
        if (http.Request.QueryString.HasValue && http.GetEndpoint() is { } endpoint)
        {
            var names = known.GetValue(endpoint, static e => e.Metadata.OfType<IParameterBindingMetadata>().Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase));
            foreach (var name in http.Request.Query.Keys)
            {
                if (names.Count > 0 && !names.Contains(name))
                    throw BadRequestException.Field(name.Length > 100 ? name[..100] : name, "There is no such parameter here.");
            }
        }

        return next(http);
    }
}
