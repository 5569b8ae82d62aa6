using ContactCenter.Application.Recordings;
using Npgsql;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>
/// The region that the database's recordings are in, for good (ADR 0009): a node of another would find nothing of them, purge
/// nothing, and tell that it did.
/// </summary>
/// <param name="dataSource">The contact center's database.</param>
/// <param name="region">This node's.</param>
public sealed class RegionPlace(NpgsqlDataSource dataSource, RecordingRegion region) : IRecordingPlace, IRecordingHome
{
    /// <inheritdoc cref="IRecordingPlace.CheckAsync"/>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var own = EncryptedRecordingStorage.Folder(region);
        await using var know = dataSource.CreateCommand(
            "insert into recording_region as r (region) values ($1) on conflict (only_one) do update set region = r.region returning region");
        know.Parameters.Add(new() { Value = own });
        var known = (string)(await know.ExecuteScalarAsync(cancellationToken))!;
        if (known != own)
        {
            throw new InvalidOperationException(
                $"this database's are in the region {known}, and this node's would be in {own}. Set CONTACTCENTER_REGION={known}; another region needs another database.");
        }
    }
}
