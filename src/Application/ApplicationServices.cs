using ContactCenter.Application.Access;
using ContactCenter.Application.Agents;
using ContactCenter.Application.Consumers;
using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Routing;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Application.VirtualAgents;
using ContactCenter.Application.Voicemails;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ContactCenter.Application;

/// <summary>Registers the use cases. The assembly is looked through once, at the start; a dispatch looks up closed types only.</summary>
public static class ApplicationServices
{
    /// <summary>
    /// Adds handlers, validators and the pipeline of every request. The host brings the ports:
    /// <see cref="IEventStore"/>, <see cref="ILiveFeed"/>, <see cref="IPasswordHasher"/>, <see cref="IIdentityHasher"/>,
    /// <see cref="IMediaEngine"/>, and what else a registered worker asks for.
    /// </summary>
    /// <param name="services">Where to.</param>
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        AddShared(services);
        AddPerCall(services);
        services.AddTransient<ServiceFactory>(provider => provider.GetService!);
        services.AddTransient<IMediator, Mediator>();
        foreach (var type in typeof(ApplicationServices).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsGenericTypeDefinition: false }))
            AddRequestParts(services, type);
        return services;
    }

    private static void AddShared(IServiceCollection services)
    {
        services.AddSingleton(_ => new AggregateCache());
        services.AddSingleton<AggregateReader>();
        services.AddSingleton<CacheInvalidation>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<IEffects, MediaEffects>();
        services.AddSingleton<IEffects, TimerEffects>();
        services.AddSingleton<IEffects, CrmEffects>();
        services.AddSingleton<IEffects, VirtualAgentEffects>();
        services.AddSingleton<IEffects, MessageAudioEffects>();
        services.AddSingleton<IEffects, VoicemailEffects>();
        services.AddSingleton<IMediaFacts, MediaFacts>();
        services.AddSingleton<IOutboxHandler, MediaOutboxHandler>();
        services.AddSingleton<IOutboxHandler, VirtualAgentOutboxHandler>();
        services.TryAddSingleton(VirtualAgentOptions.Default);
        services.AddSingleton<IOutboxHandler, VoicemailOutboxHandler>();
        services.AddSingleton<RefusalLog>();
        services.AddSingleton<TypingBus>();
        services.AddSingleton<MonitorStreams>();
        services.AddSingleton<RoutingWorker>();
        services.AddSingleton<ScheduledCallNumbers>();
        services.AddSingleton<PartyNumbers>();
        services.AddSingleton<PromptAudios>();
        services.AddSingleton<StreamTurns>();
        services.AddSingleton<CenterConfigurationFollower>();
        services.AddSingleton<ICenterConfiguration>(provider => provider.GetRequiredService<CenterConfigurationFollower>());
    }

    private static void AddPerCall(IServiceCollection services)
    {
        services.AddScoped<CurrentCall>();
        services.AddScoped<UnitOfWork>();
        services.AddScoped<Authorizer>();
        services.AddScoped<SessionWork>();
        services.AddScoped<ArrivalWork>();
        services.AddScoped<BookingWork>();
        services.AddScoped<QueueSlots>();
        services.AddScoped<VirtualAgentWork>();
        services.AddScoped<VoicemailWork>();
        services.AddScoped<MonitorWork>();
        services.AddScoped<ConfigurationWork>();
        services.AddScoped<QueueWork>();
        services.AddScoped<SessionTeller>();
        services.AddScoped<AgentSignOut>();
        services.AddScoped<ConsumerWork>();
        services.AddScoped<UserWork>();
        services.AddScoped<References>();
        services.AddScoped<SettingsWork>();
    }

    private static void AddRequestParts(IServiceCollection services, Type type)
    {
        foreach (var contract in type.GetInterfaces().Where(i => i.IsGenericType))
        {
            var definition = contract.GetGenericTypeDefinition();
            if (definition == typeof(IRequestHandler<,>))
                services.AddTransient(contract, type);
            else if (definition == typeof(IValidator<>))
                services.AddSingleton(contract, type);
            else if (definition == typeof(ICommand<>))
                AddPipeline(services, type, contract.GetGenericArguments()[0], CommandPipeline);
            else if (definition == typeof(IQuery<>))
                AddPipeline(services, type, contract.GetGenericArguments()[0], QueryPipeline);
        }
    }

    // Outermost first. Audit is around all of it, so that a refusal of any stage is written.
    private static readonly Type[] CommandPipeline =
    [
        typeof(AuditBehavior<,>), typeof(AuthorizationBehavior<,>), typeof(ValidationBehavior<,>), typeof(IdempotencyBehavior<,>), typeof(ConcurrencyBehavior<,>),
    ];

    private static readonly Type[] QueryPipeline = [typeof(QueryAuditBehavior<,>), typeof(AuthorizationBehavior<,>), typeof(ValidationBehavior<,>)];

    private static void AddPipeline(IServiceCollection services, Type request, Type answer, Type[] behaviors)
    {
        var contract = typeof(IPipelineBehavior<,>).MakeGenericType(request, typeof(Result<>).MakeGenericType(answer));
        foreach (var behavior in behaviors)
            services.AddTransient(contract, behavior.MakeGenericType(request, answer));
    }
}
