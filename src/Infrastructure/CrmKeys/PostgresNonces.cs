using ContactCenter.Application.CrmKeys;
using ContactCenter.Infrastructure.Database;
using Npgsql;

namespace ContactCenter.Infrastructure.CrmKeys;

/// <summary>Nonces in the product's database, which all nodes share, by its clock.</summary>
public sealed class PostgresNonces(NpgsqlDataSource dataSource) : INonces
{
    /// <inheritdoc/>
    public async Task<bool> TryUseAsync(Guid crmKeyId, string nonce, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("insert into crm_nonces (key_id, nonce) values ($1, $2) on conflict do nothing");
        command.Parameters.Add(new() { Value = crmKeyId });
        command.Parameters.Add(new() { Value = nonce });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <inheritdoc/>
    public Task ForgetAsync(TimeSpan olderThan, CancellationToken cancellationToken) => dataSource.DeleteInBatchesAsync(
        "crm_nonces", "seen_at < statement_timestamp() - $1", BatchedDelete.SmallRows, cancellationToken, olderThan);
}
