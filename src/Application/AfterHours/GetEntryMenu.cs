using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.AfterHours;

/// <summary>What to offer now on a channel: the usual, or deflection only (AHD-3); narrowed to the caller's reach.</summary>
/// <param name="Channel">Whose menu.</param>
/// <param name="Language">BCP 47, or null for the center's default.</param>
/// <param name="At">When, or null for now.</param>
public sealed record GetEntryMenu(Channel? Channel, string? Language, DateTimeOffset? At) : IQuery<EntryMenuView>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Permission(Permissions.EntryWrite), Requirement.Permission(Permissions.SettingsRead));
}

/// <summary>A channel's menu at an instant.</summary>
/// <param name="Channel">Whose.</param>
/// <param name="Language">In which language.</param>
/// <param name="At">When.</param>
/// <param name="Entries">In the order of their paths: it reads as the tree.</param>
public sealed record EntryMenuView(Channel Channel, string Language, DateTimeOffset At, IReadOnlyList<EntryMenuNode> Entries);

/// <summary>One node of a menu.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Name">What the menu shows, in the language asked for where there is such a name.</param>
/// <param name="Path">Names from the root to this one.</param>
/// <param name="ParentId">The node above, or null.</param>
/// <param name="IsLeaf">Whether it is chosen; the others only lead on.</param>
/// <param name="IsOpen">Whether it is inside the hours that apply to it.</param>
/// <param name="DeflectionOnly">True while nothing of the usual is offered.</param>
/// <param name="Kinds">The usual that is offered.</param>
/// <param name="Options">What is offered instead.</param>
/// <param name="Slots">Where calls can be booked beside the usual (AHD-11), or null; among options the scheduled call's own link counts.</param>
public sealed record EntryMenuNode(
    Guid QueueId,
    string Name,
    IReadOnlyList<string> Path,
    Guid? ParentId,
    bool IsLeaf,
    bool IsOpen,
    bool DeflectionOnly,
    IReadOnlyList<SessionKind> Kinds,
    IReadOnlyList<OfferedOption> Options,
    string? Slots);

/// <summary>The shape of <see cref="GetEntryMenu"/>.</summary>
public sealed class GetEntryMenuValidator : AbstractValidator<GetEntryMenu>
{
    /// <summary>Its rules.</summary>
    public GetEntryMenuValidator()
    {
        RuleFor(r => r.Channel).NotNull().IsInEnum();
        RuleFor(r => r.Language!).LanguageTag().When(r => r.Language is not null);
        RuleFor(r => r.At!.Value.Year).InclusiveBetween(1970, 2199).When(r => r.At is not null).OverridePropertyName("at").WithMessage("Must be from 1970 to 2199.");
    }
}

/// <summary>Answers <see cref="GetEntryMenu"/>.</summary>
public sealed class GetEntryMenuHandler(ConfigurationWork configuration, CurrentCall call) : IRequestHandler<GetEntryMenu, Result<EntryMenuView>>
{
    /// <inheritdoc/>
    public async Task<Result<EntryMenuView>> Handle(GetEntryMenu request, CancellationToken cancellationToken)
    {
        var center = await configuration.ReadAsync(cancellationToken);
        var language = center.LanguageOf(request.Language);
        var at = request.At ?? call.Now;
        var caller = call.Context.Caller;
        var entries = EntryMenu.Of(request.Channel!.Value, language, center, at)
            .Where(e => Authorizer.Reaches(caller, Permissions.EntryWrite, e.Queue) || Authorizer.Reaches(caller, Permissions.SettingsRead, e.Queue));
        return new EntryMenuView(request.Channel.Value, language, at, [.. entries.Select(e => NodeOf(e, request.Channel.Value))]);
    }

    private static EntryMenuNode NodeOf(MenuEntry entry, Channel channel) => new(
        entry.Queue.Id, entry.Path[^1], entry.Path, entry.Queue.ParentId, entry.IsLeaf, entry.IsOpen,
        entry is { IsLeaf: true, Kinds: [] }, entry.Kinds, [.. entry.Options.Select(o => OfferedOption.Of(o, channel, entry.OptionsOf))],
        entry.Kinds is not [] && ScheduledCallDecider.WhyNotBookable(entry.Queue, entry.IsLeaf) is null ? OfferedOption.SlotsOf(entry.Queue.Id) : null);
}
