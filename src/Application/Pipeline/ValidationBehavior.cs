using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Pipeline;

/// <summary>Refuses a request of the wrong shape with a message per field; rules that need state are the decider's.</summary>
public sealed class ValidationBehavior<TRequest, TAnswer>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, Result<TAnswer>>
    where TRequest : IRequest<Result<TAnswer>>, IGuarded
{
    /// <inheritdoc/>
    public async Task<Result<TAnswer>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<TAnswer>> next)
    {
        Dictionary<string, List<string>>? failures = null;
        foreach (var validator in validators)
        {
            foreach (var failure in (await validator.ValidateAsync(request, cancellationToken)).Errors)
            {
                failures ??= new(StringComparer.Ordinal);
                var field = CamelCase(failure.PropertyName);
                if (!failures.TryGetValue(field, out var messages))
                    failures[field] = messages = [];
                messages.Add(failure.ErrorMessage);
            }
        }

        return failures is null
            ? await next()
            : new ValidationError(
                ErrorCodes.Invalid, "The request is not valid.", failures.ToDictionary(f => f.Key, f => f.Value.ToArray(), StringComparer.Ordinal));
    }

    private static string CamelCase(string path) =>
        string.Join('.', path.Split('.').Select(part => part.Length == 0 ? part : char.ToLowerInvariant(part[0]) + part[1..]));
}
