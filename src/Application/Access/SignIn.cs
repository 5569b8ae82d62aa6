using ContactCenter.Application.Consumers;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Access;

/// <summary>A user proves who they are. A wrong password and an unknown login answer the same, after the same time:
/// <c>auth.wrong_credentials</c>. After ten failures in a row a login must wait: <c>auth.too_many_attempts</c>.</summary>
/// <param name="Login">The login.</param>
/// <param name="Password">The password.</param>
public sealed record SignIn(string Login, string Password) : ICommand<SignedIn>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.None;

    /// <summary>Without the password.</summary>
    public override string ToString() => nameof(SignIn);
}

/// <summary>Who signed in; a token for them may be issued.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Name">As shown to others.</param>
/// <param name="At">When: the token's time of issue.</param>
public sealed record SignedIn(Guid UserId, string Name, DateTimeOffset At);

/// <summary>The shape of <see cref="SignIn"/>.</summary>
public sealed class SignInValidator : AbstractValidator<SignIn>
{
    /// <summary>Its rules.</summary>
    public SignInValidator()
    {
        RuleFor(r => r.Login).NotEmpty().MaximumLength(100);
        RuleFor(r => r.Password).NotEmpty().MaximumLength(200);
    }
}

/// <summary>Handles <see cref="SignIn"/>.</summary>
public sealed class SignInHandler(UnitOfWork work, CurrentCall call, IIdentityHasher hasher, Passwords passwords, SignInThrottle throttle)
    : IRequestHandler<SignIn, Result<SignedIn>>
{
    private static readonly UnauthenticatedError Wrong = new("auth.wrong_credentials", "Login or password is wrong.");

    /// <inheritdoc/>
    public async Task<Result<SignedIn>> Handle(SignIn request, CancellationToken cancellationToken)
    {
        // Decided on the log from the start: a second look after a first, cached one would tell a known login by its time.
        work.StartOver();
        var hash = hasher.Hash("login", AccessDecider.NormalizeLogin(request.Login));
        if (throttle.Begin(hash, call.Now) is { } wait)
            return new TooManyRequestsError("auth.too_many_attempts", "Too many failed attempts: wait before the next.", wait);

        var login = await work.LoadAsync(Aggregates.Login, hash, cancellationToken);
        var user = (await work.LoadAsync(Aggregates.User, login.State.OwnerId, cancellationToken)).State;
        call.Subject = user.Exists ? $"user-{user.Id}" : null;
        var canSignIn = user is { Exists: true, IsDeactivated: false };
        if (!await passwords.VerifyAsync(request.Password, canSignIn ? user.PasswordHash : null, cancellationToken))
            return Wrong;

        throttle.Succeed(hash);
        return new SignedIn(user.Id, user.Name, call.Now);
    }
}


