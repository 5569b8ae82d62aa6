using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.CrmKeys;

/// <summary>Why a CRM key does not open.</summary>
public static class CrmKeyErrors
{
    /// <summary>There is none, or it is void.</summary>
    public static readonly NotFoundError NotFound = new("crm_key.not_found", "There is no such CRM key.");

    /// <summary>Five wrong codes came.</summary>
    public static readonly ForbiddenError Locked = new("crm_key.locked", "Too many wrong codes: the key is locked. Issue another.");

    /// <summary>It was a right code once.</summary>
    public static readonly ForbiddenError CodeUsed = new("crm_key.code_used", "The code was used. Wait for the next.");

    /// <summary>It is no code of now.</summary>
    public static readonly ForbiddenError WrongCode = new("crm_key.wrong_code", "The code is wrong.");
}
