package dev.caretaker.cli.policies.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.cli.file.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/policy-file.md tells every key, and what it shows is read. */
class PolicyFilePageTest {
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("\n\\| `(\\w+)` \\|");

    private final String page = Files.readString(Path.of("..", "docs", "policy-file.md"));

    PolicyFilePageTest() throws IOException {}

    @Test
    void every_key_has_its_row() {
        for (List<String> keys : List.of(
                PolicyReader.KEYS,
                PolicyReader.TIME_COLUMN_KEYS,
                PolicyReader.LIMITS_KEYS,
                KeepingReader.ARCHIVE_KEYS,
                KeepingReader.ROLL_UP_KEYS)) {
            assertThat(keys).allSatisfy(key -> assertThat(page).contains("\n| `" + key + "` |"));
        }
    }

    @Test
    void every_row_of_its_first_table_is_a_key() {
        String table = page.substring(page.indexOf("| key |"), page.indexOf("`policies apply --prune`"));
        assertThat(ROW.matcher(table).results().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(PolicyReader.KEYS);
    }

    @Test
    void the_examples_are_policies() {
        Matcher example = EXAMPLE.matcher(page);
        int found = 0;
        while (example.find()) {
            assertThat(PolicyFile.read(new InputFile("example", example.group(1))))
                    .hasSize(1);
            found++;
        }
        assertThat(found).isEqualTo(4);
    }

    @Test
    void a_key_that_is_written_otherwise_is_recognized() {
        assertThatThrownBy(
                        () -> PolicyFile.read(new InputFile("p.yml", "name: a\ntime_column: {name: a, kind: date}\n")))
                .hasMessageContaining("time_column: unknown key, did you mean 'timeColumn'?; known here: name, ");
    }
}
