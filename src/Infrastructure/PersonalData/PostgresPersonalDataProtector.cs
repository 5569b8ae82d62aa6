using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;

namespace ContactCenter.Infrastructure.PersonalData;

/// <summary>
/// Consumers' keys in the table <c>personal_data_keys</c>, each wrapped by the master key, and cached in memory.
/// Before a cached key is used, what other nodes forgot is looked up at most <see cref="MaxStaleness"/> ago.
/// </summary>
public sealed class PostgresPersonalDataProtector : IPersonalDataProtector, IDisposable
{
    /// <summary>How long this node may still know a key that another destroyed; half of what is promised.</summary>
    public static readonly TimeSpan MaxStaleness = TimeSpan.FromSeconds(5);

    private const int CachedKeys = 50_000;

    // A forgetting may become visible later than its time says, by as long as its transaction took.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    private readonly NpgsqlDataSource dataSource;
    private readonly byte[] masterKey;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<Guid, PersonalDataKey> cache = new();
    private readonly SemaphoreSlim checking = new(1, 1);
    private long lastCheck;

    /// <summary>Keys in the data source's database.</summary>
    /// <param name="dataSource">The product's database.</param>
    /// <param name="masterKey">32 bytes from the configuration; never stored.</param>
    /// <param name="time">The clock.</param>
    public PostgresPersonalDataProtector(NpgsqlDataSource dataSource, byte[] masterKey, TimeProvider time)
    {
        if (masterKey.Length != 32)
            throw new ArgumentException("The personal data master key must be 32 bytes.", nameof(masterKey));
        this.dataSource = dataSource;
        this.masterKey = masterKey;
        this.time = time;
        lastCheck = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public async ValueTask<PersonalDataKey> KeyForWritingAsync(Guid consumerId, CancellationToken cancellationToken)
    {
        await NoticeForgottenAsync(cancellationToken);
        if (cache.TryGetValue(consumerId, out var key))
            return key;
        var fresh = Wrap(consumerId, RandomNumberGenerator.GetBytes(32));
        await using (var create = dataSource.CreateCommand(
            "insert into personal_data_keys (consumer_id, wrapped_key) values ($1, $2) on conflict do nothing"))
        {
            create.Parameters.Add(new() { Value = consumerId });
            create.Parameters.Add(new() { Value = fresh });
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        var stored = (await LoadAsync([consumerId], cancellationToken))[consumerId];
        return stored.IsClosed
            ? throw new InvalidOperationException("The consumer's key is damaged, or the personal data master key is not the one this database was written with.")
            : stored;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<Guid, PersonalDataKey>> KeysForReadingAsync(
        IReadOnlyCollection<Guid> consumerIds, CancellationToken cancellationToken)
    {
        await NoticeForgottenAsync(cancellationToken);
        var keys = new Dictionary<Guid, PersonalDataKey>(consumerIds.Count);
        var unknown = new HashSet<Guid>();
        foreach (var id in consumerIds)
        {
            if (cache.TryGetValue(id, out var key))
                keys[id] = key;
            else
                unknown.Add(id);
        }
        if (unknown.Count > 0)
        {
            foreach (var (id, key) in await LoadAsync([.. unknown], cancellationToken))
                keys[id] = key;
        }
        return keys;
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(Guid consumerId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            insert into personal_data_keys (consumer_id, wrapped_key, forgotten_at) values ($1, null, clock_timestamp())
            on conflict (consumer_id) do update set wrapped_key = null, forgotten_at = clock_timestamp()
            where personal_data_keys.wrapped_key is not null
            """);
        command.Parameters.Add(new() { Value = consumerId });
        await command.ExecuteNonQueryAsync(cancellationToken);
        cache[consumerId] = PersonalDataKey.Forgotten;
    }

    /// <inheritdoc/>
    public void Dispose() => checking.Dispose();

    private async ValueTask NoticeForgottenAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(Volatile.Read(ref lastCheck)) < MaxStaleness)
            return;
        await checking.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetTimestamp();
            var since = time.GetElapsedTime(lastCheck, now);
            if (since < MaxStaleness)
                return;
            await using var command = dataSource.CreateCommand(
                "select consumer_id from personal_data_keys where forgotten_at > clock_timestamp() - $1");
            command.Parameters.Add(new() { Value = since + Overlap });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                cache[reader.GetGuid(0)] = PersonalDataKey.Forgotten;
            Volatile.Write(ref lastCheck, now);
        }
        finally
        {
            checking.Release();
        }
    }

    private async Task<Dictionary<Guid, PersonalDataKey>> LoadAsync(Guid[] consumerIds, CancellationToken cancellationToken)
    {
        // A key is taken into the cache only if nothing was forgotten meanwhile: a tombstone there stays.
        var keys = consumerIds.ToDictionary(id => id, _ => PersonalDataKey.Forgotten);
        if (cache.Count > CachedKeys)
            cache.Clear();
        await using var command = dataSource.CreateCommand(
            "select consumer_id, wrapped_key from personal_data_keys where consumer_id = any ($1)");
        command.Parameters.Add(new() { Value = consumerIds });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetGuid(0);
            var key = reader.IsDBNull(1) ? PersonalDataKey.Forgotten : Unwrap(id, reader.GetFieldValue<byte[]>(1));
            // One that does not open is looked at again each time: its row may be brought back from a backup.
            keys[id] = key.IsClosed ? key : cache.GetOrAdd(id, key);
        }
        return keys;
    }

    private byte[] Wrap(Guid consumerId, byte[] key) =>
        PersonalDataKey.Seal(masterKey, key, consumerId.ToByteArray(bigEndian: true));

    private PersonalDataKey Unwrap(Guid consumerId, byte[] wrapped)
    {
        try
        {
            return new PersonalDataKey(consumerId, PersonalDataKey.Open(masterKey, wrapped, consumerId.ToByteArray(bigEndian: true)));
        }
        catch (CryptographicException)
        {
            return PersonalDataKey.Closed;
        }
    }
}
