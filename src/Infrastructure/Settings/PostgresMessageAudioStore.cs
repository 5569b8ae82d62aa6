using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Settings;
using Npgsql;
using NpgsqlTypes;

namespace ContactCenter.Infrastructure.Settings;

/// <summary>Recordings for messages in a table of their own.</summary>
public sealed class PostgresMessageAudioStore(NpgsqlDataSource dataSource) : IMessageAudioStore
{
    /// <inheritdoc/>
    public Task KeepAsync(Guid contentId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => DoAsync(
        "insert into message_audio (content_id, content) values ($1, $2) on conflict do nothing",
        contentId,
        content,
        static (command, token) => command.ExecuteNonQueryAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<byte[]?> ReadAsync(Guid contentId, CancellationToken cancellationToken) => DoAsync(
        "select content from message_audio where content_id = $1",
        contentId,
        content: null,
        static async (command, token) => (byte[]?)await command.ExecuteScalarAsync(token),
        cancellationToken);

    /// <inheritdoc/>
    public Task DiscardAsync(Guid contentId, CancellationToken cancellationToken) => DoAsync(
        "delete from message_audio where content_id = $1",
        contentId,
        content: null,
        static (command, token) => command.ExecuteNonQueryAsync(token),
        cancellationToken);

    private async Task<T> DoAsync<T>(
        string sql, Guid contentId, ReadOnlyMemory<byte>? content, Func<NpgsqlCommand, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(sql);
            command.Parameters.Add(new NpgsqlParameter { Value = contentId });
            if (content is { } bytes)
                command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = bytes, NpgsqlDbType = NpgsqlDbType.Bytea });
            return await run(command, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new EventStoreUnavailableException("Recordings for messages cannot be reached.", exception);
        }
    }
}
