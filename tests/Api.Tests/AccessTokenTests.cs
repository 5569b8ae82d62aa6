using System.Text;
using ContactCenter.Api.Auth;

namespace ContactCenter.Api.Tests;

public sealed class AccessTokenTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 0, 0, 123, TimeSpan.Zero);
    private static readonly Guid Subject = Guid.CreateVersion7(Now);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly AccessTokens tokens = new(new byte[32]);

    [Theory]
    [InlineData(TokenUse.User)]
    [InlineData(TokenUse.Session)]
    public void A_token_says_what_it_was_made_of(TokenUse use) =>
        tokens.Read(tokens.Issue(use, Subject, Now, Hour), Now).ShouldBe(new TokenClaims(use, Subject, Now, Now + Hour));

    [Fact]
    public void A_token_is_good_until_it_expires()
    {
        var token = tokens.Issue(TokenUse.User, Subject, Now, Hour);
        tokens.Read(token, Now + Hour - TimeSpan.FromTicks(1)).ShouldNotBeNull();
        tokens.Read(token, Now + Hour).ShouldBeNull();
        tokens.Read(token, Now - TimeSpan.FromMinutes(1)).ShouldBeNull();
    }

    [Fact]
    public void Any_altered_character_makes_it_void()
    {
        var token = tokens.Issue(TokenUse.User, Subject, Now, Hour);
        for (var i = 0; i < token.Length; i++)
        {
            // The last character of a signature holds two bits that say nothing.
            if (i == token.Length - 1)
                continue;
            var altered = new StringBuilder(token) { [i] = token[i] == 'A' ? 'B' : 'A' }.ToString();
            tokens.Read(altered, Now).ShouldBeNull(altered);
        }
    }

    [Fact]
    public void Another_key_another_algorithm_or_none_makes_it_void()
    {
        var token = tokens.Issue(TokenUse.User, Subject, Now, Hour);
        new AccessTokens([.. Enumerable.Repeat((byte)1, 32)]).Read(token, Now).ShouldBeNull();
        var none = Convert.ToBase64String("""{"alg":"none","typ":"JWT"}"""u8).TrimEnd('=');
        tokens.Read($"{none}.{token.Split('.')[1]}.", Now).ShouldBeNull();
        tokens.Read($"{none}.{token.Split('.')[1]}.{token.Split('.')[2]}", Now).ShouldBeNull();
        tokens.Read(token[..token.LastIndexOf('.')] + ".", Now).ShouldBeNull();
        tokens.Read(string.Empty, Now).ShouldBeNull();
        tokens.Read(new string('.', 5000), Now).ShouldBeNull();
    }
}
