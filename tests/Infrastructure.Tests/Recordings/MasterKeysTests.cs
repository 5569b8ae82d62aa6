using System.Security.Cryptography;
using ContactCenter.Infrastructure.Recordings;
using Microsoft.Extensions.Configuration;

namespace ContactCenter.Infrastructure.Tests.Recordings;

public sealed class MasterKeysTests
{
    private static readonly string Key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public void Keys_come_from_configuration_or_from_files_it_names()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, Key + "\n");
        var inFile = MasterKeys.From(Section(("CurrentMasterKey", "a"), ("MasterKeys:a", "file:" + file)));
        var inline = MasterKeys.From(Section(("CurrentMasterKey", "a"), ("MasterKeys:a", Key), ("MasterKeys:b", Key)));
        File.Delete(file);
        var dataKey = RandomNumberGenerator.GetBytes(32);

        inline.Unwrap(inFile.Wrap(dataKey, "here"), "here").ShouldBe(dataKey);
    }

    [Theory]
    [InlineData(null, "a", "No CurrentMasterKey")]
    [InlineData("b", "a", "'b' is not among")]
    [InlineData("a", "a:file:/nowhere/key", "'a' cannot be read")]
    [InlineData("a", "a:not base64!", "'a' is not base64")]
    [InlineData("a", "a:c2hvcnQ=", "must have 32 bytes, and has 5")]
    [InlineData("a", "a:", "must have 32 bytes, and has 0")]
    public void What_is_wrong_is_said_in_one_line_that_names_the_key_and_not_its_value(string? current, string key, string expected)
    {
        var (id, value) = key.Split(':', 2) is [var name, var text] ? (name, text) : (key, Key);

        var message = Should.Throw<InvalidOperationException>(
            () => MasterKeys.From(Section(("CurrentMasterKey", current), ($"MasterKeys:{id}", value)))).Message;

        message.ShouldContain(expected);
        message.ShouldNotContain('\n');
        message.ShouldNotContain(Key);
        message.ShouldNotContain("not base64!");
    }

    private static IConfiguration Section(params (string Key, string? Value)[] values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => pair.Value)).Build();
}
