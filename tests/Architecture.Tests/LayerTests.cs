using System.Reflection;

namespace ContactCenter.Architecture.Tests;

/// <summary>Dependencies point inwards (ADR 0004). Each rule is shown a violator, so that none guards nothing.</summary>
public class LayerTests
{
    private const string Root = "ContactCenter.";

    private static readonly string[] DomainMayUse = ["NodaTime"];
    private static readonly string[] ApplicationMayUse =
    [
        "ContactCenter.Domain", "MediatR", "FluentValidation", "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
    ];

    [Fact]
    public void Domain_references_the_base_library_and_time_zones_only() =>
        Foreign("ContactCenter.Domain", DomainMayUse).ShouldBeEmpty();

    [Fact]
    public void The_rule_for_the_domain_sees_the_one_package_it_may_use() =>
        Foreign("ContactCenter.Domain", []).ShouldBe(DomainMayUse);

    [Fact]
    public void Application_references_the_domain_and_its_four_abstractions_only() =>
        Foreign("ContactCenter.Application", ApplicationMayUse).ShouldBeEmpty();

    [Fact]
    public void Infrastructure_does_not_know_the_api_or_the_rpc_runtime() =>
        Outer("ContactCenter.Infrastructure").ShouldBeEmpty();

    [Fact]
    public void The_rpc_runtime_knows_nothing_of_the_product() =>
        Product("ContactCenter.Rpc").ShouldBeEmpty();

    [Fact]
    public void The_rule_for_the_domain_catches_a_project_that_references_another() =>
        Foreign("ContactCenter.Application", DomainMayUse).ShouldContain("ContactCenter.Domain");

    [Fact]
    public void The_rule_for_the_domain_catches_a_package_beside_the_one_it_may_use() =>
        Foreign("ContactCenter.Application", [.. DomainMayUse, "ContactCenter.Domain"]).ShouldContain("MediatR");

    [Fact]
    public void The_rule_for_the_application_catches_a_project_that_references_the_database() =>
        Foreign("ContactCenter.Infrastructure", ApplicationMayUse).ShouldContain("Npgsql");

    [Fact]
    public void The_rule_for_infrastructure_catches_the_composition_root_which_knows_the_runtime() =>
        Outer("ContactCenter.Api").ShouldBe(["ContactCenter.Rpc"]);

    [Fact]
    public void The_rule_for_the_rpc_runtime_catches_what_knows_the_product() =>
        Product("ContactCenter.Application").ShouldBe(["ContactCenter.Domain"]);

    private static IEnumerable<string> Product(string assembly) =>
        References(assembly).Where(r => r.StartsWith(Root, StringComparison.Ordinal));

    private static IEnumerable<string> Outer(string assembly) =>
        References(assembly).Where(r => r is "ContactCenter.Api" or "ContactCenter.Rpc");

    private static IEnumerable<string> Foreign(string assembly, string[] allowed) =>
        References(assembly).Where(r => !allowed.Contains(r) && !IsBaseLibrary(r));

    private static bool IsBaseLibrary(string name) =>
        name is "netstandard" or "mscorlib" || name.StartsWith("System.", StringComparison.Ordinal);

    private static string[] References(string assembly) =>
        [.. Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!)];
}
