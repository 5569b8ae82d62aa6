using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ContactCenter.Infrastructure.PersonalData;

/// <summary>
/// What the database remembers of the keys it was written with (ADR 0018): a node with others could read nobody's name and
/// find nobody by number, and would write what no other node can read.
/// </summary>
public sealed class KeyMarks(NpgsqlDataSource dataSource)
{
    private const string Recordings = "recordings-";
    private const int ShownBytes = 8;

    /// <summary>Whether a key is the database's; the first one to ask decides which that is.</summary>
    /// <param name="name">What the key is for.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> IsKnownAsync(string name, byte[] key, CancellationToken cancellationToken)
    {
        var own = MarkOf(name, key);
        await using var know = dataSource.CreateCommand(
            "insert into key_marks as k (name, mark) values ($1, $2) on conflict (name) do update set mark = k.mark returning mark");
        know.Parameters.Add(new() { Value = name });
        know.Parameters.Add(new() { Value = own });
        return CryptographicOperations.FixedTimeEquals((byte[])(await know.ExecuteScalarAsync(cancellationToken))!, own);
    }

    /// <summary>
    /// The master keys of recordings, by id, that are not the database's: others than it was written with, or missing though
    /// recordings may be under them. Those it does not know yet it knows from now on, if there is none of these.
    /// </summary>
    /// <param name="keys">The keys at hand, by id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>For each, the beginning of its mark in the database.</returns>
    public async Task<IReadOnlyDictionary<string, string>> StrangeRecordingsKeysAsync(IReadOnlyDictionary<string, byte[]> keys, CancellationToken cancellationToken)
    {
        var strange = await DifferingAsync(keys, cancellationToken);
        if (strange.Count > 0)
            return strange;
        foreach (var (id, key) in keys)
            await IsKnownAsync(Recordings + id, key, cancellationToken);
        // Another node may have been first.
        return await DifferingAsync(keys, cancellationToken);
    }

    /// <summary>No recording is under another master key than this one: nodes do without those.</summary>
    /// <param name="id">The one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task KeepRecordingsKeyAsync(string id, CancellationToken cancellationToken)
    {
        await using var forget = dataSource.CreateCommand("delete from key_marks where starts_with(name, $1) and name <> $2");
        forget.Parameters.Add(new() { Value = Recordings });
        forget.Parameters.Add(new() { Value = Recordings + id });
        await forget.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A master key of recordings is gone for good, and with it what is under it: nodes do without it.</summary>
    /// <param name="mark">The beginning of its mark, as <see cref="StrangeRecordingsKeysAsync"/> tells it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task GiveUpRecordingsKeyAsync(string mark, CancellationToken cancellationToken)
    {
        await using var forget = dataSource.CreateCommand("delete from key_marks where starts_with(name, $1) and encode(substr(mark, 1, $2), 'hex') = $3");
        forget.Parameters.Add(new() { Value = Recordings });
        forget.Parameters.Add(new() { Value = ShownBytes });
        forget.Parameters.Add(new() { Value = mark });
        await forget.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Whether the master key of personal data opens what the database holds of consumers, be it one of a few; true if it
    /// holds nothing. One that does not open may be damaged, which is no reason not to start.
    /// </summary>
    /// <param name="masterKey">The key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> OpensAsync(byte[] masterKey, CancellationToken cancellationToken)
    {
        await using var some = dataSource.CreateCommand("select consumer_id, wrapped_key from personal_data_keys where wrapped_key is not null limit 100");
        await using var reader = await some.ExecuteReaderAsync(cancellationToken);
        var isEmpty = true;
        while (await reader.ReadAsync(cancellationToken))
        {
            isEmpty = false;
            if (Opens(masterKey, reader.GetGuid(0), reader.GetFieldValue<byte[]>(1)))
                return true;
        }

        return isEmpty;
    }

    private static bool Opens(byte[] masterKey, Guid consumerId, byte[] wrapped)
    {
        try
        {
            PersonalDataKey.Open(masterKey, wrapped, consumerId.ToByteArray(bigEndian: true));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private async Task<Dictionary<string, string>> DifferingAsync(IReadOnlyDictionary<string, byte[]> keys, CancellationToken cancellationToken)
    {
        Dictionary<string, string> differing = [];
        await using var all = dataSource.CreateCommand("select name, mark from key_marks where starts_with(name, $1) order by name");
        all.Parameters.Add(new() { Value = Recordings });
        await using var reader = await all.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (name, mark) = (reader.GetString(0), reader.GetFieldValue<byte[]>(1));
            var id = name[Recordings.Length..];
            if (!keys.TryGetValue(id, out var key) || !CryptographicOperations.FixedTimeEquals(MarkOf(name, key), mark))
                differing[id] = Convert.ToHexStringLower(mark.AsSpan(0, ShownBytes));
        }

        return differing;
    }

    private static byte[] MarkOf(string name, byte[] key) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"contact center, mark of the key {name}, v1"));
}
