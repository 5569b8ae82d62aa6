using System.Diagnostics.CodeAnalysis;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Application.Messaging;

/// <summary>What a command or query answers: a value, or why not (ADR 0005).</summary>
/// <typeparam name="T">The value.</typeparam>
public readonly record struct Result<T>
{
    private Result(T? value, DomainError? error)
    {
        Value = value;
        Error = error;
    }

    /// <summary>The value; meaningful only if <see cref="IsOk"/>.</summary>
    public T? Value { get; }

    /// <summary>Why not, or null.</summary>
    public DomainError? Error { get; }

    /// <summary>True if there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsOk => Error is null;

    /// <summary>A value.</summary>
    public static Result<T> Ok(T value) => new(value, error: null);

    /// <summary>A refusal.</summary>
    public static Result<T> Refused(DomainError error) => new(default, error);

    /// <summary>The same with another value, or the same refusal.</summary>
    public Result<TOther> Map<TOther>(Func<T, TOther> map) => IsOk ? Result<TOther>.Ok(map(Value)) : Result<TOther>.Refused(Error);

    /// <summary>A value.</summary>
    public static implicit operator Result<T>(T value) => Ok(value);

    /// <summary>A refusal.</summary>
    public static implicit operator Result<T>(DomainError error) => Refused(error);
}
