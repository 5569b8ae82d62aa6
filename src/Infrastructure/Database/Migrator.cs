using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ContactCenter.Infrastructure.Database;

/// <summary>One numbered change of the schema.</summary>
/// <param name="Version">Its number; applied in this order.</param>
/// <param name="Name">What it is about, from its file's name.</param>
/// <param name="Sql">The change; runs in one transaction with its own record.</param>
public sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>SHA-256 of the SQL in lower-case hex, the same whatever the line ends of the checkout are.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));
}

/// <summary>The database's schema is not one this build can work with; the message says what to do.</summary>
public sealed class SchemaException(string message) : Exception(message);

/// <summary>
/// Brings the schema to this build's version. However many nodes start at the same time, each migration runs once:
/// the others wait. An applied migration that was changed since, or one that this build does not know, is refused.
/// </summary>
public sealed class Migrator(NpgsqlDataSource dataSource, IReadOnlyList<Migration> migrations)
{
    /// <summary>Held while the schema, the log's epoch or its partitions change: the bytes of "ccschema".</summary>
    internal const long LockKey = 0x6363_7363_6865_6d61;

    private const string FilePrefix = "ContactCenter.Infrastructure.Database.Migrations.";

    /// <summary>A migrator with the product's own migrations, <c>Database/Migrations/*.sql</c>.</summary>
    public static Migrator ForProduct(NpgsqlDataSource dataSource) => new(dataSource, Product());

    /// <summary>Applies what is missing.</summary>
    /// <returns>How many migrations this call applied.</returns>
    /// <exception cref="SchemaException">The database was migrated by a newer or a changed build.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        await ExecuteAsync(
            connection,
            """
            create table if not exists schema_migrations (
              version int primary key, name text not null, checksum text not null,
              applied_at timestamptz not null default clock_timestamp())
            """,
            cancellationToken);
        var applied = await AppliedAsync(connection, cancellationToken);
        Verify(applied);
        var missing = migrations.Where(m => !applied.ContainsKey(m.Version)).OrderBy(m => m.Version).ToList();
        foreach (var migration in missing)
            await ApplyAsync(connection, migration, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return missing.Count;
    }

    private void Verify(Dictionary<int, (string Name, string Checksum)> applied)
    {
        foreach (var (version, (name, checksum)) in applied)
        {
            var known = migrations.SingleOrDefault(m => m.Version == version)
                ?? throw new SchemaException($"The database has migration {version:0000}_{name}, which this build does not know. Start a newer build.");
            if (known.Checksum != checksum)
                throw new SchemaException($"Migration {version:0000}_{name} was changed after it was applied. Restore its file and put the change into a new migration.");
        }
    }

    private static async Task<Dictionary<int, (string Name, string Checksum)>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = new Dictionary<int, (string, string)>();
        await using var command = new NpgsqlCommand("select version, name, checksum from schema_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            applied.Add(reader.GetInt32(0), (reader.GetString(1), reader.GetString(2)));
        return applied;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, migration.Sql, cancellationToken);
        await using var record = new NpgsqlCommand("insert into schema_migrations (version, name, checksum) values ($1, $2, $3)", connection)
        {
            Parameters = { new() { Value = migration.Version }, new() { Value = migration.Name }, new() { Value = migration.Checksum } },
        };
        await record.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static List<Migration> Product()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(FilePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Read(assembly, name))];
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        var file = resource[FilePrefix.Length..^".sql".Length];
        var number = file.IndexOf('_', StringComparison.Ordinal);
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new Migration(int.Parse(file.AsSpan(0, number), NumberStyles.None, CultureInfo.InvariantCulture), file[(number + 1)..], reader.ReadToEnd());
    }
}
