using System.Buffers.Binary;
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
    public Task<IReadOnlyList<Guid>> ListAsync(DateTimeOffset before, int limit, Guid after, CancellationToken cancellationToken) => DoAsync(
        "select content_id from message_audio where content_id > $1 and content_id < $2 order by content_id limit $3",
        after,
        content: null,
        static async (command, token) =>
        {
            List<Guid> found = [];
            await using var reader = await command.ExecuteReaderAsync(token);
            while (await reader.ReadAsync(token))
                found.Add(reader.GetGuid(0));
            return (IReadOnlyList<Guid>)found;
        },
        cancellationToken,
        FirstOf(before),
        limit);

    /// <inheritdoc/>
    public Task DiscardAsync(Guid contentId, CancellationToken cancellationToken) => DoAsync(
        "delete from message_audio where content_id = $1",
        contentId,
        content: null,
        static (command, token) => command.ExecuteNonQueryAsync(token),
        cancellationToken);

    /// <summary>The lowest id of a millisecond: its time, and zeros.</summary>
    private static Guid FirstOf(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, at.ToUnixTimeMilliseconds() << 16);
        return new Guid(bytes, bigEndian: true);
    }

    private async Task<T> DoAsync<T>(
        string sql, Guid contentId, ReadOnlyMemory<byte>? content, Func<NpgsqlCommand, CancellationToken, Task<T>> run, CancellationToken cancellationToken,
        params object[] more)
    {
        try
        {
            await using var command = dataSource.CreateCommand(sql);
            command.Parameters.Add(new NpgsqlParameter { Value = contentId });
            if (content is { } bytes)
                command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = bytes, NpgsqlDbType = NpgsqlDbType.Bytea });
            foreach (var value in more)
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            return await run(command, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new EventStoreUnavailableException("Recordings for messages cannot be reached.", exception);
        }
    }
}
