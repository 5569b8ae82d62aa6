using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Access;

/// <summary>Why a command about who may do what is refused.</summary>
internal static class AccessErrors
{
    public static readonly NotFoundError UserNotFound = new("user.not_found", "There is no such user.");
    public static readonly NotFoundError ApiKeyNotFound = new("api_key.not_found", "There is no such API key.");
    public static readonly ConflictError Deactivated = new("user.deactivated", "The user is deactivated.");
    public static readonly ConflictError LastAdmin = new("user.last_admin", "Somebody has to be admin: this is the last active one.");
    public static readonly ConflictError BuiltIn = new("role.built_in", "Built-in roles do not change.");
    public static readonly ForbiddenError MoreThanOwn = new("access.more_than_own", "You may not grant what you do not have yourself.");
    public static readonly UnprocessableError UnknownPermission = new("permission.unknown", "A grant names a permission or scope that does not exist.");
}
