using System.Security.Cryptography;
using ContactCenter.Application.Recordings;
using Npgsql;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>
/// The one folder that keeps a region's recordings, where no bucket does (ADR 0009). It carries a mark that the database
/// knows: a node with another folder would purge nothing and tell that it did.
/// </summary>
/// <param name="dataSource">The contact center's database.</param>
/// <param name="root">The folder of all regions.</param>
/// <param name="region">The region.</param>
/// <param name="lost">The mark of a folder that is gone for good, and that this one is in the place of; or null.</param>
public sealed class FolderPlace(NpgsqlDataSource dataSource, string root, RecordingRegion region, Guid? lost = null) : IRecordingPlace
{
    private const string Mark = "mark-";
    private readonly string directory = Path.Combine(Path.GetFullPath(root), EncryptedRecordingStorage.Folder(region));

    /// <inheritdoc/>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // One node after the other: two that start at once make one mark.
        await using var turn = new NpgsqlCommand("lock table recording_folders in exclusive mode", connection, transaction);
        await turn.ExecuteNonQueryAsync(cancellationToken);
        var own = MarkOf(directory);
        var known = await KnownAsync(connection, transaction, own, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (known != own)
        {
            throw new InvalidOperationException(
                $"they are in another folder than \"{directory}\", which holds \"{Mark}{known:D}\". Give every node that one, or a bucket "
                + $"(CONTACTCENTER_RECORDINGS_BUCKET); if it is lost for good with all that was in it, set CONTACTCENTER_RECORDINGS_LOST={known:D}.");
        }
    }

    /// <summary>The mark of the region's folder as the database has it, which is this one's if there was none yet, or if that folder is lost.</summary>
    private async Task<Guid> KnownAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid own, CancellationToken cancellationToken)
    {
        await using var know = new NpgsqlCommand(
            """
            insert into recording_folders as f (region, folder_id) values ($1, $2)
            on conflict (region) do update
              set folder_id = case when f.folder_id = $3 then excluded.folder_id else f.folder_id end,
                  known_since = case when f.folder_id = $3 then clock_timestamp() else f.known_since end
            returning folder_id
            """,
            connection,
            transaction)
        {
            Parameters = { new() { Value = EncryptedRecordingStorage.Folder(region) }, new() { Value = own }, new() { Value = lost ?? Guid.Empty } },
        };
        return (Guid)(await know.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>An empty directory, so that a folder without recordings has no file in it.</summary>
    private static Guid MarkOf(string directory)
    {
        EncryptedRecordingStorage.CreateDirectory(directory);
        foreach (var name in Directory.EnumerateDirectories(directory, Mark + "*").Select(Path.GetFileName).Order(StringComparer.Ordinal))
        {
            if (Guid.TryParseExact(name![Mark.Length..], "D", out var mark))
                return mark;
        }

        var made = new Guid(RandomNumberGenerator.GetBytes(16));
        EncryptedRecordingStorage.CreateDirectory(Path.Combine(directory, $"{Mark}{made:D}"));
        DurableFiles.FlushDirectory(directory);
        return made;
    }
}
