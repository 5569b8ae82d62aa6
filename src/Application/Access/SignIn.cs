using ContactCenter.Application.Messaging;
using FluentValidation;

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
