using System.Runtime.CompilerServices;

namespace ContactCenter.Architecture.Tests;

/// <summary>Folders are named after capabilities, and files stay readable (CONTRIBUTING).</summary>
public class FolderTests
{
    private static readonly string[] ForbiddenFolders =
        ["Commands", "Events", "Queries", "Handlers", "Helpers", "Utils", "Common", "Misc", "Models", "Enums", "Interfaces", "Services"];

    [Fact]
    public void No_folder_is_named_after_a_kind_of_class() =>
        Offending(Sources().Select(f => Path.GetDirectoryName(f)!)).ShouldBeEmpty();

    [Fact]
    public void The_folder_rule_catches_a_folder_of_handlers() =>
        Offending([Path.Combine("src", "Application", "Handlers")]).ShouldNotBeEmpty();

    [Fact]
    public void No_source_file_is_longer_than_450_lines() =>
        TooLong(Sources()).ShouldBeEmpty();

    [Fact]
    public void The_length_rule_catches_a_long_file()
    {
        var file = Path.GetTempFileName();
        File.WriteAllLines(file, Enumerable.Repeat("// a line", 451));
        TooLong([file]).ShouldHaveSingleItem();
        File.Delete(file);
    }

    [Fact]
    public void Every_decision_is_in_the_index() =>
        Unlisted(Decisions(), File.ReadAllText(Path.Combine(Root(), "docs", "adr", "README.md"))).ShouldBeEmpty();

    [Fact]
    public void The_index_rule_catches_a_decision_that_is_not_listed() =>
        Unlisted([.. Decisions(), "9999-forgotten.md"], string.Join('\n', Decisions().Select(d => $"[title]({d})"))).ShouldBe(["9999-forgotten.md"]);

    private static IEnumerable<string> Offending(IEnumerable<string> folders) => folders
        .Distinct(StringComparer.Ordinal)
        .Where(folder => folder.Split(Path.DirectorySeparatorChar).Intersect(ForbiddenFolders, StringComparer.Ordinal).Any());

    private static IEnumerable<string> TooLong(IEnumerable<string> files) => files.Where(f => File.ReadLines(f).Count() > 450);

    private static List<string> Decisions() =>
        [.. Directory.GetFiles(Path.Combine(Root(), "docs", "adr"), "0*.md").Select(f => Path.GetFileName(f))];

    private static IEnumerable<string> Unlisted(IEnumerable<string> decisions, string index) =>
        decisions.Where(d => !index.Contains($"({d})", StringComparison.Ordinal));

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    private static IEnumerable<string> Sources()
    {
        var root = Root();
        return new[] { "src", "tests" }
            .SelectMany(top => Directory.EnumerateFiles(Path.Combine(root, top), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(f => Path.GetRelativePath(Directory.GetCurrentDirectory(), f));
    }
}
