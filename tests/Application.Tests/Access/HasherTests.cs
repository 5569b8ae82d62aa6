using ContactCenter.Infrastructure.Access;

namespace ContactCenter.Application.Tests.Access;

public sealed class HasherTests
{
    [Fact]
    public void A_password_matches_its_own_hash_only()
    {
        var hasher = new Pbkdf2PasswordHasher(iterations: 1_000);
        var hash = hasher.Hash("correct horse battery");
        hasher.Verify("correct horse battery", hash).ShouldBeTrue();
        hasher.Verify("wrong horse battery", hash).ShouldBeFalse();
        hasher.Verify("correct horse battery", hash: null).ShouldBeFalse();
        hasher.Hash("correct horse battery").ShouldNotBe(hash, "each hash has its own salt");
    }

    [Fact]
    public void Hashes_of_production_take_at_least_600_000_iterations_and_older_ones_stay_good()
    {
        Pbkdf2PasswordHasher.DefaultIterations.ShouldBeGreaterThanOrEqualTo(600_000);
        new Pbkdf2PasswordHasher(iterations: 2_000).Verify("a password", new Pbkdf2PasswordHasher(iterations: 1_000).Hash("a password")).ShouldBeTrue();
        new Pbkdf2PasswordHasher().Hash("a password").ShouldStartWith("pbkdf2-sha256$600000$");
    }

    [Fact]
    public void An_identity_hash_depends_on_key_purpose_and_text()
    {
        var hasher = new HmacIdentityHasher(new byte[32]);
        Guid[] different =
        [
            hasher.Hash("visitor", "7"), hasher.Hash("visitor", "8"), hasher.Hash("phone", "7"),
            new HmacIdentityHasher([.. Enumerable.Repeat((byte)1, 32)]).Hash("visitor", "7"),
        ];
        different.ShouldBeUnique();
        hasher.Hash("visitor", "7").ShouldBe(different[0]);
        Should.Throw<ArgumentException>(() => new HmacIdentityHasher(new byte[16]));
    }
}
