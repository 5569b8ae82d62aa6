using ContactCenter.Application.VirtualAgents;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.VirtualAgents;

/// <summary>Registers who answers as a virtual agent.</summary>
public static class VirtualAgentRegistration
{
    /// <summary>The connectors of these names; each queue's virtual agent names the one that answers for it.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="names">Names: <c>simulated</c>.</param>
    /// <exception cref="ArgumentException">There is no connector of a name.</exception>
    public static IServiceCollection AddVirtualAgents(this IServiceCollection services, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (!string.Equals(name, "simulated", StringComparison.Ordinal))
                throw new ArgumentException($"There is no virtual agent connector {name}; there is: simulated.", nameof(names));
            services.AddSingleton<IVirtualAgentConnector, SimulatedVirtualAgent>();
        }

        return services;
    }
}
