package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.catalog.KeyColumn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Counts what a cleanup had to leave: rows that kept moving, and rows that other rows reference. */
final class Leftovers {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SAMPLES = 10;

    private final Eligibility eligible;
    private final EligibleRows rows;
    private final StepContext context;

    Leftovers(Eligibility eligible, StepContext context) {
        this.eligible = eligible;
        this.rows = new EligibleRows(eligible);
        this.context = context;
    }

    /** What the last batch told about eligible rows. */
    enum End {
        /** It was shown that there are none, in the planned table. */
        NOTHING_LEFT,
        /** The last DELETE was given up. */
        SOME_LEFT,
        UNKNOWN
    }

    /** Residual and pinned rows, each counted for at most half a minute. */
    Totals count(Session session, End end) throws SQLException {
        boolean nothingPinned = eligible.pinnedBy().isEmpty();
        if (end == End.NOTHING_LEFT && nothingPinned) {
            return Totals.leftovers(0, 0, List.of()); // by whoever showed it, the table was verified, too
        }
        Relation.verified(session, eligible);
        long residual = end == End.NOTHING_LEFT ? 0 : residual(session, end);
        if (nothingPinned) {
            return Totals.leftovers(residual, 0, List.of());
        }
        Optional<Long> pinned = count(session, eligible.pinned());
        if (pinned.isEmpty()) {
            warn("PINNED_NOT_COUNTED", "rows held back by references could not be counted");
        }
        List<String> samples = pinned.orElse(1L) == 0 ? List.of() : samples(session);
        return Totals.leftovers(residual, pinned.orElse((long) samples.size()), samples);
    }

    private long residual(Session session, End end) throws SQLException {
        Optional<Long> counted = count(session, eligible.predicate());
        if (counted.isEmpty()) {
            warn("RESIDUAL_NOT_COUNTED", "rows that may be left could not be counted");
        }
        return counted.orElse(end == End.SOME_LEFT ? 1L : 0L);
    }

    private Optional<Long> count(Session session, SqlFragment condition) throws SQLException {
        return TimeLimit.within(
                session,
                LIMIT,
                () -> rows.select("pg_catalog.count(*)", condition)
                        .statement()
                        .one(session.connection(), row -> row.getLong(1)));
    }

    private List<String> samples(Session session) throws SQLException {
        List<String> samples = new ArrayList<>();
        for (Eligibility.ReferencingKey key : eligible.pinnedBy()) {
            String shown = key.columns().stream()
                    .map(column -> "t." + Identifiers.quote(column.parent()))
                    .collect(Collectors.joining(", ", "pg_catalog.concat_ws(', ', ", ")"));
            SqlFragment query = EligibleRows.limit(rows.select(shown, eligible.heldBy(key)), SAMPLES - samples.size());
            String columns = key.columns().stream().map(KeyColumn::parent).collect(Collectors.joining(", "));
            TimeLimit.within(
                            session,
                            LIMIT,
                            () -> query.statement()
                                    .list(
                                            session.connection(),
                                            row -> columns + " = " + row.getString(1) + ": " + key.constraint() + " of "
                                                    + key.child()))
                    .ifPresent(samples::addAll);
        }
        return samples;
    }

    private void warn(String code, String what) {
        context.warn(
                code,
                "Table " + eligible.table() + ": " + what + " within " + LIMIT.toSeconds() + " s.",
                Map.of("table", eligible.table().toString()));
    }
}
