using ContactCenter.Infrastructure.Database;

namespace ContactCenter.Infrastructure.Tests.Database;

public sealed class PostgresDataSourceTests
{
    [Theory]
    [InlineData("Host=db", 50)]
    [InlineData("Host=db;Maximum Pool Size=7", 7)]
    [InlineData("Host=db;MaxPoolSize=100", 100)]
    [InlineData("Host=db;maximum pool size=300", 300)]
    public void A_pool_is_as_large_as_the_connection_string_says_or_else_fifty(string connectionString, int connections) =>
        PostgresDataSource.Settings(connectionString, "contactcenter").MaxPoolSize.ShouldBe(connections);
}
