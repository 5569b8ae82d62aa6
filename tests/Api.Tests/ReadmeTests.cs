using System.Runtime.CompilerServices;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Api.Tests;

/// <summary>The README names defaults: they are those that hold.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_defaults_in_the_text_are_the_real_ones()
    {
        var text = File.ReadAllText(Path.Combine(Folder(), "..", "..", "README.md"));
        var rules = MonitoringRules.Default;
        rules.EndStuck.ShouldBeFalse();
        text.ShouldContain($"after {rules.StuckAfterMinutes / 60} hours, unless said otherwise), whether that ends it (it does not), and what is in time ({rules.ServiceLevelSeconds} seconds)");
        text.ShouldContain($"then within {IMonitorPresence.LostAfter.TotalSeconds} seconds `GET /v1/monitors");
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
