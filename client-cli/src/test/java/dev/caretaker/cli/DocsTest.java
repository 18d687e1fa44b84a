package dev.caretaker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.partitions.sets.SetFile;
import dev.caretaker.cli.policies.file.PolicyFile;
import dev.caretaker.cli.schedules.file.ScheduleFile;
import dev.caretaker.cli.testing.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** Every command and every file in the documents is one that the client takes. */
class DocsTest {
    private static final Path ROOT = Path.of("..");
    /** The client's; the others are the launcher's. */
    private static final Pattern COMMAND =
            Pattern.compile("^(?:\\$ |- )?(?:\\./)?caretaker (?!bench|server|java-home)([a-z].*)$");

    private static final Pattern INLINE =
            Pattern.compile("`(?:\\./)?caretaker (?!bench|server|java-home)([a-z][^`]*)`");
    /** A word, in quotes or without; else what ends a command in a shell. What may be left out stands in brackets. */
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|[^\\s\"'|;>&)\\[\\]]+|([|;>&)])");

    /** Each names its target; a fragment, and what is the server's, has none. */
    private static final Pattern FOR_CLIENT =
            Pattern.compile("^ *(?:- )?(?:\\{name: \\w+, )?targets?: \\w", Pattern.MULTILINE);

    private static final Pattern EXAMPLE = Pattern.compile("^```yaml\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /** @param whole whether all that it needs is there, else the text only names it */
    private record Named(String place, String text, boolean whole) {}

    @TestFactory
    Stream<DynamicTest> every_command_is_taken_as_it_is_written() throws IOException {
        List<Named> all = new ArrayList<>();
        for (Path document : documents()) {
            all.addAll(commands(document));
        }
        assertThat(all).hasSizeGreaterThan(100);
        return all.stream()
                .map(named -> DynamicTest.dynamicTest(named.place() + " " + named.text(), () -> parse(named)));
    }

    @TestFactory
    Stream<DynamicTest> every_file_is_taken_as_it_is_written() throws IOException {
        List<DynamicTest> all = new ArrayList<>();
        for (Path document : documents()) {
            EXAMPLE.matcher(Files.readString(document))
                    .results()
                    .map(match -> match.group(1))
                    .filter(text -> FOR_CLIENT.matcher(text).find())
                    .map(text -> DynamicTest.dynamicTest(
                            document + ": " + text.lines().limit(2).toList(), () -> read(text)))
                    .forEach(all::add);
        }
        assertThat(all).hasSizeGreaterThan(12);
        return all.stream();
    }

    private static void read(String text) {
        InputFile file = new InputFile("example", text);
        if (text.contains("cron:")) {
            assertThat(ScheduleFile.read(file).schedules()).isNotEmpty();
        } else if (text.contains("grid:")) {
            assertThat(SetFile.read(file)).isNotEmpty();
        } else {
            assertThat(PolicyFile.read(file)).isNotEmpty();
        }
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
                Stream<Path> examples = Files.walk(ROOT.resolve("examples"))) {
            return Stream.of(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                            docs.filter(file -> file.toString().endsWith(".md")),
                            examples.filter(file -> file.toString().endsWith(".md")))
                    .flatMap(files -> files)
                    .sorted()
                    .toList();
        }
    }

    private static List<Named> commands(Path document) throws IOException {
        List<Named> found = new ArrayList<>();
        boolean block = false;
        int number = 0;
        String begun = "";
        for (String next : Files.readAllLines(document)) {
            number++;
            String line = begun + next;
            begun = block && line.endsWith("\\") ? line.substring(0, line.length() - 1) : "";
            String place = ROOT.relativize(document) + ":" + number;
            if (line.startsWith("```")) {
                block = !block;
            } else if (block && begun.isEmpty()) {
                Matcher matcher = COMMAND.matcher(line.strip());
                if (matcher.matches()) {
                    found.add(new Named(place, matcher.group(1), true));
                }
            } else if (!block) {
                INLINE.matcher(line).results().forEach(match -> found.add(new Named(place, match.group(1), false)));
            }
        }
        return found;
    }

    private static void parse(Named named) {
        String[] words = words(named.text());
        try {
            CommandTree.build(new Session(new Cli().environment()), words)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .parseArgs(words);
        } catch (MissingParameterException e) {
            assertThat(named.whole()).as(e.getMessage()).isFalse();
        } catch (ParameterException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    private static String[] words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find() && matcher.group(3) == null && !matcher.group().startsWith("#")) {
            if (!matcher.group().equals("…")) {
                words.add(
                        matcher.group(1) != null
                                ? matcher.group(1)
                                : matcher.group(2) != null ? matcher.group(2) : matcher.group());
            }
        }
        return words.toArray(String[]::new);
    }
}
