package dev.caretaker.server.report.observe;

import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was seen of a run's tables, as it is kept.
 *
 * @param tables that were looked at
 * @param leftOut tables of the run that were not, because they are too many
 * @param before it worked
 * @param after it had ended
 * @param later a day after that; statements only
 */
public record Observation(
        List<TableName> tables, int leftOut, Optional<Look> before, Optional<Look> after, Optional<Look> later) {

    /**
     * What was seen at one moment.
     *
     * @param problem why nothing was, a sentence; empty if something was
     * @param tables in the order of the observation's; those that are not there are left out
     */
    public record Look(Instant at, String problem, List<TableLook> tables, Statements statements) {
        public Look {
            tables = Objects.requireNonNullElse(tables, List.of());
        }

        Optional<TableLook> of(TableName table) {
            return tables.stream().filter(look -> look.table().equals(table)).findFirst();
        }
    }

    /**
     * One table, partitions together.
     *
     * @param bytes heap, indexes and TOAST
     * @param estimated whether a part was locked, so that its last size in the catalog was taken
     * @param rows by the server's counters
     * @param deadRows the same
     */
    public record TableLook(TableName table, long bytes, boolean estimated, long rows, long deadRows) {}

    /**
     * What pg_stat_statements counted of statements that mention the tables. Never their text.
     *
     * @param unavailable why it tells nothing, a clause; empty if it does
     * @param since when it began to count
     * @param evicted times that it dropped the rarest statements for new ones since then; empty: not told by its version
     * @param serverStarted when the server was started
     * @param unseen statements whose text the role may not see
     * @param byTable counters of statements by table (schema.table) and statement
     */
    public record Statements(
            String unavailable,
            Optional<Instant> since,
            OptionalLong evicted,
            Optional<Instant> serverStarted,
            long unseen,
            Map<String, Map<String, Counter>> byTable) {
        public Statements {
            byTable = Objects.requireNonNullElse(byTable, Map.of());
        }

        static Statements none(String why) {
            return new Statements(why, Optional.empty(), OptionalLong.empty(), Optional.empty(), 0, Map.of());
        }

        boolean isAvailable() {
            return unavailable.isEmpty();
        }
    }

    /**
     * Counters of one statement.
     *
     * @param milliseconds in all calls together
     */
    public record Counter(long calls, double milliseconds) {}
}
