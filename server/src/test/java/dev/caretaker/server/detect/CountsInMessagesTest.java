package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Messages of checks say "1 row" and "12,345 rows". */
class CountsInMessagesTest {
    private static final Path CHECKS =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("src/main/resources/checks");

    /** A count whose unit stands in the format, where it cannot follow the number. */
    private static final Pattern FIXED =
            Pattern.compile("(?<!of )%s (?:dead )?(?:rows|pages|calls|partitions|transactions|notifications)\\b");

    /** Counts that are never one: a limit, all of at least four partitions, an age that is worth telling. */
    private static final Set<String> MANY = Set.of("autovacuum-tuning.sql", "partition-unpruned.sql", "xid-age.sql");

    @Test
    void the_unit_of_a_count_follows_its_number() throws IOException {
        List<String> wrong = new ArrayList<>();
        try (Stream<Path> checks = Files.list(CHECKS)) {
            for (Path check : checks.toList()) {
                Matcher fixed = FIXED.matcher(Files.readString(check));
                if (fixed.find() && !MANY.contains(check.getFileName().toString())) {
                    wrong.add(check.getFileName() + ": " + fixed.group());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
