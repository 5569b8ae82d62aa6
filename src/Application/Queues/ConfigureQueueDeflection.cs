using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Settings;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>The queue gets a deflection of its own, or gives it up (AHD-6). Needs <c>If-Match</c>.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Deflection">The deflection, or null for the center's.</param>
public sealed record ConfigureQueueDeflection(Guid QueueId, QueueDeflection? Deflection) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>The shape of <see cref="ConfigureQueueDeflection"/>. What it needs of other settings is the domain's to check.</summary>
public sealed class ConfigureQueueDeflectionValidator : AbstractValidator<ConfigureQueueDeflection>
{
    private const string Number = "^\\+[1-9][0-9]{6,14}$";
    private const string NotANumber = "Must be a number in E.164, for example +4930123456.";
    private const int MaxLanguages = 100;

    /// <summary>Its rules.</summary>
    public ConfigureQueueDeflectionValidator()
    {
        When(r => r.Deflection?.Ivr is not null, () =>
        {
            RuleFor(r => r.Deflection!.Ivr!.Option).IsInEnum().OverridePropertyName("ivr.option");
            RuleFor(r => r.Deflection!.Ivr!.PhoneNumber).Matches(Number).WithMessage(NotANumber).OverridePropertyName("ivr.phoneNumber");
            RuleFor(r => r.Deflection!.Ivr!.Greeting).Must(AreWhole).WithMessage(Whole).OverridePropertyName("ivr.greeting");
        });
        When(r => r.Deflection?.Mobile is not null, () =>
            RuleFor(r => r.Deflection!.Mobile!.Options.PhoneNumber).Matches(Number).WithMessage(NotANumber).OverridePropertyName("mobile.options.phoneNumber"));
        When(r => r.Deflection?.Sms is not null, () =>
            RuleFor(r => r.Deflection!.Sms!.Text).Must(text => AreWhole(text) && text.All(t => t.Message.AudioId is null))
                .WithMessage(Whole + " A text message is text.").OverridePropertyName("sms.text"));
    }

    private static string Whole => $"Give at most {MaxLanguages} messages, each with a language and a text of 1 to {Message.MaxText} characters or uploaded audio.";

    private static bool AreWhole(IReadOnlyList<LocalMessage>? messages) => messages is null
        || (messages.Count <= MaxLanguages && messages.All(m => m is { Language: { Length: >= 2 and <= 35 }, Message: { } message } && message.IsWhole()));
}

/// <summary>Handles <see cref="ConfigureQueueDeflection"/>.</summary>
public sealed class ConfigureQueueDeflectionHandler(QueueWork queues, CurrentCall call) : IRequestHandler<ConfigureQueueDeflection, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ConfigureQueueDeflection request, CancellationToken cancellationToken) =>
        queues.EditAsync(request.QueueId, q => QueueDecider.ConfigureDeflection(q, request.Deflection, call.Now), cancellationToken);
}
