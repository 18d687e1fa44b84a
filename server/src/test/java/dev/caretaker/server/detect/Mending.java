package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/**
 * Pastes what findings of a check print, as they print it, and sees that these findings go, that no check finds anything new,
 * and that nothing of the database is missing but the indexes that the findings name.
 */
final class Mending {
    /** Counts of a session arrive at the server a while after its statement. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Scene scene;
    private final Check check;

    Mending(Scene scene, Check check) {
        this.scene = scene;
        this.check = check;
    }

    /**
     * Fails if none of the findings asked for prints a statement.
     *
     * @param afterwards what else must happen until they go
     */
    void run(Predicate<RawFinding> which, Runnable afterwards) {
        List<RawFinding> told = scene.run(check).findings().stream()
                .filter(which)
                .filter(finding -> finding.remediation().isPresent())
                .toList();
        assertThat(told).as("findings of %s that print a statement", check.id()).isNotEmpty();
        Map<String, String> others = others();
        Inventory before = Inventory.of(scene.database());
        told.forEach(finding -> paste(scene.database(), finding.remediation().orElseThrow()));
        afterwards.run();
        List<String> mended = told.stream().map(RawFinding::id).toList();
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(scene.run(check).findings())
                        .extracting(RawFinding::id)
                        .as("findings of %s that should be gone", check.id())
                        .doesNotContainAnyElementsOf(mended));
        Map<String, String> worse = others();
        worse.keySet().removeAll(others.keySet());
        assertThat(worse.values()).as("new findings after that").isEmpty();
        assertThat(Inventory.of(scene.database()).lost(before, told))
                .as("lost by that")
                .isEmpty();
    }

    /** What the other checks find, with their usual thresholds. */
    private Map<String, String> others() {
        Map<String, String> found = new TreeMap<>();
        for (Check other : Scene.checks().values()) {
            if (!other.id().equals(check.id())) {
                scene.run(other)
                        .findings()
                        .forEach(finding -> found.put(finding.id(), other.id() + ": " + finding.message()));
            }
        }
        return found;
    }

    /** As psql does: statement by statement, by the simple protocol. */
    static void paste(Database database, String statements) {
        String url = database.url() + "?preferQueryMode=simple";
        try (Connection psql = DriverManager.getConnection(url, database.user(), database.password());
                Statement statement = psql.createStatement()) {
            for (NativeQuery query : Parser.parseJdbcSql(statements, true, false, true, false, false)) {
                statement.execute(query.nativeSql);
            }
        } catch (SQLException e) {
            throw new AssertionError(e.getMessage() + " in: " + statements, e);
        }
    }
}
