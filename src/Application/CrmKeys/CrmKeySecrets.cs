using System.Security.Cryptography;
using System.Text;

namespace ContactCenter.Application.CrmKeys;

/// <summary>
/// The two secrets of each CRM key, derived from one key file and the key's id: the database holds neither, so that who has
/// it can sign nothing and make no code (REC-10, ADR 0058).
/// </summary>
/// <param name="root">32 bytes.</param>
public sealed class CrmKeySecrets(byte[] root)
{
    private const int SecretBytes = 32;
    private const int TotpBytes = 20;

    /// <summary>What requests are signed with.</summary>
    public byte[] Signing(Guid crmKeyId) => Derive(crmKeyId, "signing", SecretBytes);

    /// <summary>What one-time codes are made of.</summary>
    public byte[] Totp(Guid crmKeyId) => Derive(crmKeyId, "totp", TotpBytes);

    private byte[] Derive(Guid crmKeyId, string use, int bytes) =>
        HKDF.Expand(HashAlgorithmName.SHA256, root, bytes, Encoding.ASCII.GetBytes($"crm key {crmKeyId:D} {use} v1"));
}
