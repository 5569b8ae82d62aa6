namespace ContactCenter.Application.Consumers;

/// <summary>Turns what identifies somebody into a stream's id that tells nothing about them.</summary>
public interface IIdentityHasher
{
    /// <summary>A keyed hash; the same purpose and text give the same id on every node, for ever.</summary>
    /// <param name="purpose">Keeps kinds of identities apart: <c>visitor</c>, <c>phone</c>, <c>login</c>.</param>
    /// <param name="text">What identifies somebody.</param>
    Guid Hash(string purpose, string text);
}
