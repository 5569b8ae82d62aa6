using ContactCenter.Api.Errors;
using ContactCenter.Application.EventSourcing;
using Grpc.Core;
using Npgsql;

namespace ContactCenter.Api.Tests;

/// <summary>Whatever the database fails with, wherever it is asked: try again, unless the statement itself is wrong.</summary>
public sealed class DatabaseTroubleTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.DiskFull)]
    [InlineData(PostgresErrorCodes.OutOfMemory)]
    [InlineData(PostgresErrorCodes.TooManyConnections)]
    [InlineData(PostgresErrorCodes.QueryCanceled)]
    [InlineData(PostgresErrorCodes.AdminShutdown)]
    [InlineData(PostgresErrorCodes.CannotConnectNow)]
    [InlineData(PostgresErrorCodes.ConnectionFailure)]
    [InlineData(PostgresErrorCodes.IoError)]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction)]
    public void A_database_that_cannot_serve_now_is_503_and_UNAVAILABLE(string state) =>
        ShouldBeTriedAgain(new PostgresException("It cannot.", "ERROR", "ERROR", state));

    [Fact]
    public void So_is_a_connection_that_is_lost_and_a_log_that_is_away()
    {
        ShouldBeTriedAgain(new NpgsqlException("Exception while reading from stream"));
        ShouldBeTriedAgain(new EventStoreUnavailableException("away"));
    }

    [Theory]
    [InlineData(PostgresErrorCodes.SyntaxError)]
    [InlineData(PostgresErrorCodes.UndefinedColumn)]
    [InlineData(PostgresErrorCodes.NotNullViolation)]
    public void A_statement_that_is_wrong_is_an_error_of_ours(string state)
    {
        var exception = new PostgresException("It is wrong.", "ERROR", "ERROR", state);
        ProblemMapping.Of(exception).Status.ShouldBe(500);
        GrpcStatusMapping.Of(exception).StatusCode.ShouldBe(StatusCode.Internal);
    }

    private static void ShouldBeTriedAgain(Exception exception)
    {
        var problem = ProblemMapping.Of(exception);
        (problem.Status, problem.Code).ShouldBe((503, "service.unavailable"));
        problem.RetryAfterSeconds.ShouldNotBeNull();
        GrpcStatusMapping.Of(exception).StatusCode.ShouldBe(StatusCode.Unavailable);
    }
}
