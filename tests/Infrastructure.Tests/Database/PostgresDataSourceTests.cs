using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.Scheduling;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.Database;

/// <summary>How many connections a node takes (ADR 0028).</summary>
public sealed class PostgresDataSourceTests
{
    [Theory]
    [InlineData("Host=db", 50, 12)]
    [InlineData("Host=db;Maximum Pool Size=7", 7, 7)]
    [InlineData("Host=db;MaxPoolSize=100", 100, 12)]
    [InlineData("Host=db;maximum pool size=300;Minimum Pool Size=20", 300, 12)]
    public void A_pool_is_as_large_as_the_connection_string_says_or_else_fifty_and_that_of_the_jobs_no_larger_than_they_need(
        string connectionString, int connections, int ofJobs)
    {
        PostgresDataSource.Settings(connectionString, "contactcenter").MaxPoolSize.ShouldBe(connections);
        var jobs = new NpgsqlConnectionStringBuilder(Schedule.Connections(connectionString));
        (jobs.MaxPoolSize, jobs.ConnectionIdleLifetime).ShouldBe((ofJobs, 10));
        jobs.MinPoolSize.ShouldBeLessThanOrEqualTo(ofJobs);
    }
}
