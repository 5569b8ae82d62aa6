using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Settings;

/// <summary>A message of the center says this in one language (AHD-8). Needs <c>If-Match</c> of all messages.</summary>
/// <param name="Key">Which message.</param>
/// <param name="Language">BCP 47; also one that is not enabled yet.</param>
/// <param name="Message">What it says.</param>
public sealed record SetMessage(MessageKey Key, string Language, Message Message) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>Handles <see cref="SetMessage"/>.</summary>
public sealed class SetMessageHandler(SettingsWork settings, CurrentCall call) : IRequestHandler<SetMessage, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(SetMessage request, CancellationToken cancellationToken) => settings.EditAsync(
        SettingsPages.Messages, s => SettingsDecider.SetMessage(s, request.Key, request.Language, request.Message, call.Now), cancellationToken);
}
