namespace ContactCenter.Application.CrmKeys;

/// <summary>What was signed with a CRM key lately, on any node: a request that is recorded and sent again is refused (REC-10).</summary>
public interface INonces
{
    /// <summary>True for the first who uses it.</summary>
    Task<bool> TryUseAsync(Guid crmKeyId, string nonce, CancellationToken cancellationToken);

    /// <summary>Forgets those that are older than any request that would be taken.</summary>
    Task ForgetAsync(TimeSpan olderThan, CancellationToken cancellationToken);
}
