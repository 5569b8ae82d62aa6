namespace ContactCenter.Application.Access;

/// <summary>Makes password hashes and checks passwords against them. Slow on purpose: call it off the hot path.</summary>
public interface IPasswordHasher
{
    /// <summary>A new salted hash, with all that is needed to check it.</summary>
    string Hash(string password);

    /// <summary>
    /// True if the password is the one hashed. With a null hash (an unknown login) it takes as long and is false.
    /// </summary>
    bool Verify(string password, string? hash);
}
