using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>The center's settings, page by page and as one file (ADM-5, AHD-1, AHD-2, AHD-5, AHD-8).</summary>
public static class SettingsEndpoints
{
    private const int MaxFile = 32 << 20;

    /// <summary>Maps them.</summary>
    public static void MapSettings(this IEndpointRouteBuilder v1)
    {
        var settings = v1.MapGroup("/settings").WithTags("settings");
        MapPages(settings);
        MapMonitoring(settings);
        MapRecording(settings);
        settings.MapMessages();
        settings.MapGet("/hours/preview", (Call call, [AsParameters] HoursPreviewQuery asked) => call.AskAsync(
                new PreviewHours(asked.From?.Value, asked.To?.Value, asked.Channel?.Value, asked.Language, asked.QueueId))).Query<HoursPreview>("PreviewHours")
            .WithSummary("What is open between two instants, and which rules say so (AHD-1).");
        settings.MapGet("/export", ExportAsync).Query<SettingsFile>("ExportSettings")
            .WithSummary("All settings as one file, now or as of an instant, with the configuration's revision as its ETag (ADM-5).");
        settings.MapPut("/export", (Call call, SettingsFile body) => call.DoAsync(new ImportSettings(body))).Command("ImportSettings").NeedsVersion()
            .WithMetadata(new RequestSizeLimitAttribute(MaxFile))
            .WithSummary("Makes the settings those of a file, all or nothing (ADM-5).")
            .WithDescription("Queues are found by id, at the file's path, else by channel and path; none is created, renamed, moved or archived. What of the file would not be carried out is refused, each with its place.");
    }

    private static void MapPages(RouteGroupBuilder settings)
    {
        settings.MapGet("/support-center", (Call call, Instant? asOf) => PageAsync(call, SettingsPages.SupportCenter, asOf, s => s.Center))
            .Query<SupportCenter>("GetSupportCenter").Sends(new GetSettingsPage(Guid.Empty)).WithSummary("The support center's details, now or as of an instant.");
        settings.MapPut("/support-center", (Call call, SupportCenterBody body) => call.DoAsync(new DescribeSupportCenter(body.Center)))
            .Command("DescribeSupportCenter").NeedsVersion().WithSummary("Describes the support center anew.");
        settings.MapGet("/hours", (Call call, Instant? asOf) => PageAsync(call, SettingsPages.Hours, asOf, s => s.Hours))
            .Query<HoursOfOperation>("GetHoursOfOperation").Sends(new GetSettingsPage(Guid.Empty)).WithSummary("Hours that are not a queue's own, now or as of an instant.");
        settings.MapPut("/hours", (Call call, HoursBody body) => HoursReceipt.DoAsync(call, new SetHoursOfOperation(body.Hours), queueId: null))
            .Command<HoursReceipt>("SetHoursOfOperation", StatusCodes.Status200OK).NeedsVersion()
            .WithSummary("Sets the center's hours, and those of channels and languages (AHD-1). Booked calls stand; the answer counts those outside.");
        settings.MapGet("/calls", (Call call, Instant? asOf) => PageAsync(call, SettingsPages.Calls, asOf, s => s.Calls))
            .Query<CallDeflection>("GetCallDeflection").Sends(new GetSettingsPage(Guid.Empty)).WithSummary("Calls outside the hours, now or as of an instant.");
        settings.MapPut("/calls", (Call call, CallsBody body) => call.DoAsync(new ConfigureCallDeflection(body.Deflection)))
            .Command("ConfigureCallDeflection").NeedsVersion().WithSummary("What happens to calls outside the hours (AHD-2).");
        settings.MapGet("/chats", (Call call, Instant? asOf) => PageAsync(call, SettingsPages.Chats, asOf, s => s.Chats))
            .Query<ChatDeflection>("GetChatDeflection").Sends(new GetSettingsPage(Guid.Empty)).WithSummary("Chats outside the hours, now or as of an instant.");
        settings.MapPut("/chats", (Call call, ChatsBody body) => call.DoAsync(new ConfigureChatDeflection(body.Deflection)))
            .Command("ConfigureChatDeflection").NeedsVersion().WithSummary("What happens to chats outside the hours (AHD-5).")
            .WithDescription("allowTransfers counts only while enabled is false: while chats are deflected, agents see open queues and those whose virtual agent is always there, and no others.");
    }

    private static void MapMonitoring(RouteGroupBuilder settings)
    {
        settings.MapGet("/monitoring", (Call call, Instant? asOf) => PageAsync(call, SettingsPages.Monitoring, asOf, s => s.Monitoring))
            .Query<MonitoringRules>("GetMonitoringRules").Sends(new GetSettingsPage(Guid.Empty)).WithSummary("What the monitoring pages go by, now or as of an instant.");
        settings.MapPut("/monitoring", (Call call, MonitoringRules body) => call.DoAsync(new ConfigureMonitoring(body)))
            .Command("ConfigureMonitoring").NeedsVersion().WithSummary("When a session is stuck, whether it is ended then, and what is in time (END-4).");
        settings.MapGet("/agent-statuses", (Call call, Instant? asOf) => PageAsync(call, SettingsPages.AgentStatuses, asOf, s => s.Statuses))
            .Query<AgentStatuses>("GetAgentStatuses").Sends(new GetSettingsPage(Guid.Empty)).WithSummary("Statuses of the center's own, now or as of an instant.");
        settings.MapPut("/agent-statuses", (Call call, AgentStatuses body) => call.DoAsync(new DefineAgentStatuses(body)))
            .Command("DefineAgentStatuses").NeedsVersion().WithSummary("What agents may say they are doing, beside break, meal and unavailable.");
    }

    private static void MapRecording(RouteGroupBuilder settings)
    {
        settings.MapGet("/recording", (Call call, Instant? asOf) => PageAsync(call, SettingsPages.Recording, asOf, s => s.Recording))
            .Query<RecordingRules>("GetRecordingRules").Sends(new GetSettingsPage(Guid.Empty)).WithSummary("Whether calls are recorded, now or as of an instant.");
        settings.MapPut("/recording", (Call call, RecordingRules body) => call.DoAsync(new ConfigureRecording(body)))
            .Command("ConfigureRecording").NeedsVersion().WithSummary("Whether calls are recorded whose number does not say so itself, who is asked, and how long silence may last (REC-3, REC-4).");
        settings.MapGet("/phone-numbers", (Call call, Instant? asOf) => PageAsync(call, SettingsPages.PhoneNumbers, asOf, s => s.Lines))
            .Query<PhoneLines>("GetPhoneNumbers").Sends(new GetSettingsPage(Guid.Empty)).WithSummary("The center's telephone numbers, now or as of an instant.");
        settings.MapPut("/phone-numbers", (Call call, PhoneLines body) => call.DoAsync(new ConfigurePhoneNumbers(body)))
            .Command("ConfigurePhoneNumbers").NeedsVersion().WithSummary("The center's telephone numbers, and for each whether its calls are recorded (REC-3).");
    }

    /// <summary>One page with its version.</summary>
    internal static async Task<IResult> PageAsync<T>(Call call, Guid page, Instant? asOf, Func<CenterSettings, T> pick)
    {
        var answer = await call.SendAsync(new GetSettingsPage(page, asOf?.Value));
        return answer.IsOk ? call.Tagged(answer.Value.Version, pick(answer.Value.Settings)) : answer.Error.ToResult();
    }

    private static async Task<IResult> ExportAsync(Call call, Instant? asOf)
    {
        var answer = await call.SendAsync(new ExportSettings(asOf?.Value));
        return answer.IsOk ? call.Tagged(answer.Value.Revision, answer.Value.File) : answer.Error.ToResult();
    }
}

/// <summary>The support center's details.</summary>
/// <param name="Name">As consumers know it, 1 to 100 characters.</param>
/// <param name="TimeZone">IANA.</param>
/// <param name="Languages">BCP 47, the enabled ones.</param>
/// <param name="DefaultLanguage">One of them.</param>
/// <param name="Email">Where consumers are pointed to outside the hours, or null.</param>
/// <param name="PhoneNumber">E.164, or null.</param>
public sealed record SupportCenterBody(
    string Name, string TimeZone, IReadOnlyList<string> Languages, string DefaultLanguage, string? Email = null, string? PhoneNumber = null)
{
    internal SupportCenter Center => new(Name, Email, PhoneNumber, TimeZone, Languages, DefaultLanguage);
}

/// <summary>Hours that are not a queue's own.</summary>
/// <param name="Global">The center's, or null.</param>
/// <param name="Channels">Each channel at most once.</param>
/// <param name="Languages">Each language at most once.</param>
public sealed record HoursBody(
    Domain.Hours.HoursSchedule? Global = null, IReadOnlyList<ChannelHours>? Channels = null, IReadOnlyList<LanguageHours>? Languages = null)
{
    internal HoursOfOperation Hours => new(Global, Channels ?? [], Languages ?? []);
}

/// <summary>Calls outside the hours.</summary>
/// <param name="Enabled">Off: a closed queue still takes calls.</param>
/// <param name="AllowTransfers">Transfers to queues after hours (AHD-7).</param>
/// <param name="Sdk">For mobile and web; null offers nothing.</param>
/// <param name="Ivr">For telephone menus; null plays the message.</param>
public sealed record CallsBody(bool Enabled, bool AllowTransfers = false, SdkOptions? Sdk = null, IvrDeflection? Ivr = null)
{
    internal CallDeflection Deflection => new(Enabled, AllowTransfers, Sdk ?? new SdkOptions(), Ivr ?? IvrDeflection.Default);
}

/// <summary>Chats outside the hours.</summary>
/// <param name="Enabled">Off: a closed queue still takes chats.</param>
/// <param name="AllowTransfers">Transfers to queues after hours; counts only while <paramref name="Enabled"/> is false (AHD-7).</param>
/// <param name="Email">Offers the support center's address instead of a chat.</param>
public sealed record ChatsBody(bool Enabled, bool AllowTransfers = false, bool Email = false)
{
    internal ChatDeflection Deflection => new(Enabled, AllowTransfers, Email);
}

/// <summary>What is to be looked at.</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant that is not asked for; at most 400 days later.</param>
/// <param name="Channel">For contacts of this channel.</param>
/// <param name="Language">For contacts in this language; the default one if it is not given.</param>
/// <param name="QueueId">For contacts of this queue.</param>
public sealed record HoursPreviewQuery(
    [property: FromQuery(Name = "from")] Instant? From = null,
    [property: FromQuery(Name = "to")] Instant? To = null,
    [property: FromQuery(Name = "channel")] Word<Channel>? Channel = null,
    [property: FromQuery(Name = "language")] string? Language = null,
    [property: FromQuery(Name = "queueId")] Guid? QueueId = null);
