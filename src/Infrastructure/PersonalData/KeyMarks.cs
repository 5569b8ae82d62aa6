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
    /// <summary>Whether a key is the database's; the first one to ask decides which that is.</summary>
    /// <param name="name">What the key is for.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> IsKnownAsync(string name, byte[] key, CancellationToken cancellationToken)
    {
        var own = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"contact center, mark of the key {name}, v1"));
        await using var know = dataSource.CreateCommand(
            "insert into key_marks as k (name, mark) values ($1, $2) on conflict (name) do update set mark = k.mark returning mark");
        know.Parameters.Add(new() { Value = name });
        know.Parameters.Add(new() { Value = own });
        return CryptographicOperations.FixedTimeEquals((byte[])(await know.ExecuteScalarAsync(cancellationToken))!, own);
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
}
