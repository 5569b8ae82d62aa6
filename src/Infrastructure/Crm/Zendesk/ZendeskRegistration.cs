using ContactCenter.Application.Crm;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.Crm.Zendesk;

/// <summary>Registers Zendesk.</summary>
public static class ZendeskRegistration
{
    /// <summary>Tickets and recordings go to Zendesk instead of the built-in CRM, which keeps those it has; needs a clock.</summary>
    public static IServiceCollection AddZendesk(this IServiceCollection services, ZendeskOptions options) => services
        .AddSingleton<ICrm>(provider => new ZendeskCrm(options, provider.GetRequiredService<TimeProvider>()));
}
